# Rscript oracle.R, writes plm.txt beside itself.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "panels", "read.R"))
exos <- c(none = "none", const = "intercept", trend = "trend")
series <- list(
  "grunfeld.inv" = grunfeld$inv, "grunfeld.value" = grunfeld$value, "grunfeld.capital" = grunfeld$capital,
  "produc.gsp" = produc$gsp, "produc.pc" = produc$pc, "produc.unemp" = produc$unemp,
  "empluk.emp" = empluk$emp, "empluk.wage" = empluk$wage
)
statistic <- function(...) suppressWarnings(purtest(...)$statistic$statistic)
for (name in names(series)) {
  y <- series[[name]]
  short <- startsWith(name, "empluk")
  for (d in names(exos)) for (p in if (short) (if (d == "trend") 0 else 0:1) else 0:3) {
    key <- function(test) paste(test, name, d, p, sep = ".")
    run <- function(test, ...) statistic(y, test = test, exo = exos[[d]], lags = p, ...)
    if (!short) {
      emit(key("llc"), run("levinlin", q = 4))
      emit(key("llc_default"), run("levinlin"))
    }
    if (d != "none") emit(key("ips"), run("ips", dfcor = TRUE))
    for (test in c("madwu", "invnormal", "logit", "Pm")) emit(key(test), run(test, dfcor = TRUE, p.approx = "MacKinnon1994"))
    if (startsWith(name, "grunfeld")) {
      t <- sapply(purtest(y, test = "madwu", exo = exos[[d]], lags = p, dfcor = TRUE)$idres, function(r) unname(r$trho))
      emit(paste0(key("t"), ".", seq_along(t)), t)
    }
  }
  if (!short) {
    for (d in c("const", "trend")) for (rule in c("AIC", "SIC")) {
      found <- purtest(y, test = "ips", exo = exos[[d]], lags = rule, pmax = 4, dfcor = TRUE)
      emit(paste("chosen", name, d, rule, sep = "."), found$statistic$statistic)
      emit(paste("chosen_lags", name, d, rule, sep = "."), sum(sapply(found$idres, function(r) r$lags)))
      found <- purtest(y, test = "levinlin", exo = exos[[d]], lags = rule, pmax = 4, q = 4)
      emit(paste("chosen_llc", name, d, rule, sep = "."), found$statistic$statistic)
    }
    for (d in c("const", "trend")) for (own in c(TRUE, FALSE)) for (df in c(TRUE, FALSE)) {
      key <- paste("hadri", name, d, if (own) "own" else "pooled", if (df) "df" else "T", sep = ".")
      emit(key, statistic(y, test = "hadri", exo = exos[[d]], Hcons = own, dfcor = df))
    }
    for (d in c("const", "trend")) for (p in 0:2) for (cut in c(TRUE, FALSE)) {
      found <- suppressWarnings(cipstest(y, lags = p, type = c(const = "drift", trend = "trend")[[d]], truncated = cut))
      emit(paste("cips", name, d, p, if (cut) "cut" else "whole", sep = "."), found$statistic)
    }
  }
}
write_out("plm.txt")
