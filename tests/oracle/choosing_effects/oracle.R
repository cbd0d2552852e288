# Rscript oracle.R, writes plm.txt beside itself.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "panels", "read.R"))
cases <- list(
  grunfeld = list(inv ~ value + capital, grunfeld),
  unbalanced = list(inv ~ value + capital, unbalanced),
  produc = list(gsp ~ pcap + pc + emp + unemp, produc),
  empluk = list(emp ~ wage + capital, empluk)
)
put <- function(key, test) {
  emit(paste0(key, ".value"), test$statistic)
  emit(paste0(key, ".p"), test$p.value)
  for (i in seq_along(test$parameter)) emit(paste0(key, ".df", i), test$parameter[[i]])
}
for (name in names(cases)) {
  formula <- cases[[name]][[1]]
  data <- cases[[name]][[2]]
  fit <- function(...) plm(formula, data, ...)
  key <- function(test) paste(name, test, sep = ".")
  fe <- fit(model = "within")
  two <- fit(model = "within", effect = "twoways")
  ols <- fit(model = "pooling")
  if (name %in% c("grunfeld", "produc")) {
    put(key("hausman"), phtest(fe, fit(model = "random")))
    put(key("aux"), phtest(formula, data, method = "aux"))
    put(key("aux_clustered"), phtest(formula, data, method = "aux", vcov = function(x) vcovHC(x, method = "arellano", type = "HC0")))
  }
  put(key("f_units"), pFtest(fe, ols))
  put(key("f_both"), pFtest(two, ols))
  put(key("f_years_given_units"), pFtest(two, fe))
  for (effect in c("individual", "time", "twoways")) {
    put(key(paste0("bp_", effect)), plmtest(ols, effect = effect, type = "bp"))
    if (effect != "twoways") put(key(paste0("honda_", effect)), plmtest(ols, effect = effect, type = "honda"))
  }
  if (name != "empluk") {
    put(key("pool_slopes"), pooltest(formula, data, model = "within"))
    put(key("pool_all"), pooltest(formula, data, model = "pooling"))
  }
}
write_out("plm.txt")
