# Rscript oracle.R, writes plm.txt beside itself. Differences by period value, not by row: plm's `diff` does that.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "emit.R"))
for (name in names(panels)) {
  d <- panels[[name]]$data
  v <- all.vars(panels[[name]]$formula)
  D <- as.data.frame(lapply(v, function(x) as.numeric(diff(d[[x]], shift = "time"))))
  names(D) <- v
  D$u <- index(d)[[1]]
  D <- D[complete.cases(D), ]
  m <- lm(as.formula(paste(deparse(panels[[name]]$formula), "- 1")), D)
  emit(paste0(name, ".n"), c(x = nrow(D)))
  emit(paste0(name, ".b"), coef(m))
  emit(paste0(name, ".iid"), se(vcov(m)))
  for (type in c("HC0", "HC1", "HC2", "HC3")) emit(paste0(name, ".", tolower(type)), se(vcovHC(m, type = type)))
  emit(paste0(name, ".cluster_raw"), se(vcovCL(m, D$u, type = "HC0", cadjust = FALSE)))
}
write_out("plm.txt")
