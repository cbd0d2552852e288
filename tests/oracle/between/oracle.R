# Rscript oracle.R, writes plm.txt beside itself.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "emit.R"))
for (name in names(panels)) {
  m <- plm(panels[[name]]$formula, panels[[name]]$data, model = "between")
  emit(paste0(name, ".b"), coef(m))
  emit(paste0(name, ".iid"), se(vcov(m)))
  emit(paste0(name, ".df"), c(resid = m$df.residual))
  # the same as OLS on unit means, for the robust variances
  d <- panels[[name]]$data
  means <- aggregate(as.data.frame(lapply(as.data.frame(d)[all.vars(panels[[name]]$formula)], as.numeric)),
                     list(unit = index(d)[[1]]), mean)
  ols <- lm(panels[[name]]$formula, means)
  for (type in c("HC0", "HC1", "HC2", "HC3")) emit(paste0(name, ".", tolower(type)), se(vcovHC(ols, type = type)))
}
write_out("plm.txt")
