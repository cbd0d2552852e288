# plm's pgmm: difference GMM over lag ranges, second lags, collapse, year effects. Lags from 3 on are left to gretl: plm
# adds an instrument to the first equation then.
# Rscript plm.R writes plm.txt. Not emitted: plm's one-step Sargan, and its AR tests with a robust covariance (2.6-2).
suppressMessages(source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "emit.R")))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
d <- pdata.frame(read.csv(file.path(here, "dynamic.csv")), index = c("id", "year"))
report <- function(key, model, used, names) {
  robust <- vcovHC(model)
  emit(paste0(key, ".b"), setNames(coef(model)[used], names))
  emit(paste0(key, ".se"), setNames(se(robust)[used], names))
  if (model$args$model == "twosteps") emit(paste0(key, ".hansen"), c(x = unname(sargan(model)$statistic)))
}
short <- y ~ lag(y, 1) + x + p | lag(y, 2:4) + lag(p, 1:3)
long <- y ~ lag(y, 1) + x + p | lag(y, 2:99) + lag(p, 1:99)
narrow <- y ~ lag(y, 1) + x + p | lag(y, 2:4) + lag(p, 2:2)
all3 <- c("L.y", "x", "p")
for (steps in c("onestep", "twosteps")) {
  run <- function(key, formula, effect = "individual", ...)
    report(paste(key, steps, sep = "."), pgmm(formula, d, effect = effect, model = steps, ...), 1:3, all3)
  run("short", short, transformation = "d")
  run("narrow", narrow, transformation = "d")
  run("collapse", long, transformation = "d", collapse = TRUE)
  run("years", short, "twoways", transformation = "d")
  m <- pgmm(y ~ lag(y, 1:2) + x + p | lag(y, 2:4) + lag(p, 1:3), d, effect = "individual", model = steps, transformation = "d")
  report(paste("second", steps, sep = "."), m, 1:4, c("L.y", "L2.y", "x", "p"))
}
write_out("plm.txt")
