# Rscript oracle.R, writes plm.txt beside itself.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "panels", "read.R"))
cases <- list(
  grunfeld = list(inv ~ value + capital, grunfeld),
  unbalanced = list(inv ~ value + capital, unbalanced),
  produc = list(gsp ~ pcap + pc + emp + unemp, produc),
  empluk = list(emp ~ wage + capital, empluk)
)
for (name in names(cases)) {
  formula <- cases[[name]][[1]]
  data <- cases[[name]][[2]]
  fe <- plm(formula, data, model = "within")
  two <- plm(formula, data, model = "within", effect = "twoways")
  for (test in c("cd", "lm", "sclm", "bcsclm", "rho", "absrho")) {
    if (test != "bcsclm") emit(paste(name, "variable", test, sep = "."), pcdtest(data[[all.vars(formula)[1]]], test = test)$statistic)
    if (test != "bcsclm" || name %in% c("grunfeld", "produc")) emit(paste(name, "units", test, sep = "."), pcdtest(fe, test = test)$statistic)
    if (test != "bcsclm") emit(paste(name, "both", test, sep = "."), pcdtest(two, test = test)$statistic)
  }
}
write_out("plm.txt")
