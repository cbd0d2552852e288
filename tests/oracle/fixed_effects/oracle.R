# Run from anywhere: Rscript oracle.R, writes plm_sandwich.txt beside itself.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "emit.R"))

for (name in names(panels)) {
  d <- panels[[name]]$data
  f <- panels[[name]]$formula
  unit <- names(index(d))[1]
  for (effect in c("individual", "twoways")) {
    key <- paste(name, effect, sep = ".")
    m <- plm(f, d, model = "within", effect = effect)
    emit(paste0(key, ".b"), coef(m))
    emit(paste0(key, ".iid"), se(vcov(m)))
    emit(paste0(key, ".df"), c(resid = m$df.residual))
    emit(paste0(key, ".r2_within"), c(x = summary(m)$r.squared[["rsq"]]))
    # raw: no small-sample factor
    emit(paste0(key, ".cluster_unit"), se(vcovHC(m, method = "arellano", type = "HC0", cluster = "group")))
    emit(paste0(key, ".cluster_time"), se(vcovHC(m, method = "arellano", type = "HC0", cluster = "time")))
    emit(paste0(key, ".cluster_both"), se(vcovDC(m, type = "HC0")))
    for (L in 1:2) emit(paste0(key, ".dk", L), se(vcovSCC(m, type = "HC0", maxlag = L)))
    if (name != "synthetic") emit(paste0(key, ".nw2"), se(vcovNW(m, type = "HC0", maxlag = 2)))
  }
  # the same with dummies: HC1, HC2, HC3, clustered with all parameters counted, weights
  p <- as.data.frame(d)
  p$u <- factor(index(d)[[1]]); p$t <- factor(index(d)[[2]])
  p$r <- factor(d$region)
  slopes <- all.vars(f)[-1]
  for (weights in c("plain", "weighted")) {
    if (weights == "weighted" && name != "synthetic") next
    p$weight <- if (weights == "weighted") as.numeric(d$w) else 1
    for (effect in c("individual", "twoways", "region_year")) {
      rest <- c(individual = "u", twoways = "u + t", region_year = "u + r:t")[[effect]]
      key <- paste(name, weights, effect, sep = ".")
      m <- lm(as.formula(paste(deparse(f), "+", rest)), p, weights = weight)
      emit(paste0(key, ".b"), coef(m)[slopes])
      emit(paste0(key, ".df"), c(resid = m$df.residual))
      emit(paste0(key, ".iid"), se(vcov(m))[slopes])
      # hc2 and hc3 do not exist where a row is fitted exactly
      full <- max(hatvalues(m)) > 1 - 1e-8
      for (type in c("HC0", "HC1", if (!full) c("HC2", "HC3")))
        emit(paste0(key, ".", tolower(type)), se(vcovHC(m, type = type))[slopes])
      emit(paste0(key, ".cluster_unit_full"), se(vcovCL(m, p$u, type = "HC1", cadjust = TRUE))[slopes])
      emit(paste0(key, ".cluster_region_full"), se(vcovCL(m, p$r, type = "HC1", cadjust = TRUE))[slopes])
    }
  }
}
write_out("plm_sandwich.txt")
