# Rscript oracle.R, writes plm_sandwich.txt beside itself.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "emit.R"))
for (name in names(panels)) {
  d <- panels[[name]]$data
  f <- panels[[name]]$formula
  m <- plm(f, d, model = "pooling")
  emit(paste0(name, ".b"), coef(m))
  emit(paste0(name, ".cluster_unit"), se(vcovHC(m, method = "arellano", type = "HC0", cluster = "group")))
  emit(paste0(name, ".cluster_time"), se(vcovHC(m, method = "arellano", type = "HC0", cluster = "time")))
  emit(paste0(name, ".cluster_both"), se(vcovDC(m, type = "HC0")))
  for (L in 1:2) emit(paste0(name, ".dk", L), se(vcovSCC(m, type = "HC0", maxlag = L)))
  if (name != "synthetic") emit(paste0(name, ".nw2"), se(vcovNW(m, type = "HC0", maxlag = 2)))
  p <- as.data.frame(d)
  for (weights in c("plain", "weighted", "no_constant")) {
    if (weights == "weighted" && name != "synthetic") next
    p$weight <- if (weights == "weighted") as.numeric(d$w) else 1
    m <- lm(if (weights == "no_constant") update(f, . ~ . - 1) else f, p, weights = weight)
    key <- paste(name, weights, sep = ".")
    emit(paste0(key, ".b"), coef(m))
    emit(paste0(key, ".iid"), se(vcov(m)))
    emit(paste0(key, ".r2"), c(x = summary(m)$r.squared, adjusted = summary(m)$adj.r.squared))
    emit(paste0(key, ".f"), c(x = unname(summary(m)$fstatistic[1])))
    for (type in c("HC0", "HC1", "HC2", "HC3")) emit(paste0(key, ".", tolower(type)), se(vcovHC(m, type = type)))
    emit(paste0(key, ".cluster_unit_full"), se(vcovCL(m, index(d)[[1]], type = "HC1", cadjust = TRUE)))
  }
}
write_out("plm_sandwich.txt")
