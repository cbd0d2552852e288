# Rscript oracle.R, writes plm.txt beside itself.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "panels", "read.R"))
put <- function(name, data, y, x, K) {
  formula <- as.formula(paste(y, "~", x))
  for (test in c("Ztilde", "Zbar", "Wbar")) {
    found <- try(pgrangertest(formula, data, test = test, order = K), silent = TRUE)
    if (inherits(found, "try-error")) next
    emit(paste(name, y, x, K, test, sep = "."), found$statistic)
    if (test == "Ztilde") {
      emit(paste(name, y, x, K, "p", sep = "."), found$p.value)
      W <- found$indgranger$Chisq
      emit(paste(name, y, x, K, "W", seq_along(W), sep = "."), W)
    }
  }
}
for (K in 1:4) for (pair in list(c("inv", "value"), c("value", "inv"), c("inv", "capital"), c("capital", "value"))) {
  put("grunfeld", grunfeld, pair[1], pair[2], K)
  if (K < 3) put("unbalanced", unbalanced, pair[1], pair[2], K)
}
for (K in 1:3) for (pair in list(c("gsp", "pcap"), c("pcap", "gsp"), c("unemp", "gsp"))) put("produc", produc, pair[1], pair[2], K)
# firms with more than 8 of their 7 to 9 years: the others are too short for one lag
long <- empluk[table(empluk$firm)[as.character(empluk$firm)] > 8, ]
for (pair in list(c("emp", "wage"), c("wage", "emp"))) put("empluk", long, pair[1], pair[2], 1)
write_out("plm.txt")
