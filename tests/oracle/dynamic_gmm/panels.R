# plm's pgmm on the panels of ../panels: difference and system GMM, one and two steps, period effects, collapse, predetermined
# regressors. Rscript panels.R writes plm_panels.txt.
suppressMessages(source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "emit.R")))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
read <- function(name, unit) pdata.frame(read.csv(file.path(here, "..", "panels", name)), index = c(unit, "year"))
sets <- list(
  empluk = list(data = read("empluk.csv", "firm"), y = "emp", x = c("wage", "capital")),
  produc = list(data = read("produc.csv", "state"), y = "gsp", x = c("pc", "unemp"))
)
report <- function(key, model, names) {
  used <- seq_along(names)
  emit(paste0(key, ".b"), setNames(coef(model)[used], names))
  emit(paste0(key, ".se"), setNames(se(vcovHC(model))[used], names))
  if (model$args$model == "twosteps") emit(paste0(key, ".hansen"), c(x = unname(sargan(model)$statistic)))
}
for (name in names(sets)) for (steps in c("onestep", "twosteps")) {
  s <- sets[[name]]
  left <- paste0(s$y, " ~ lag(", s$y, ", 1) + ", paste(s$x, collapse = " + "))
  all <- paste0("lag(", c(s$y, s$x), ", 2:3)", collapse = " + ")
  names <- c(paste0("L.", s$y), s$x)
  run <- function(key, instruments, effect, ...) {
    formula <- as.formula(paste(left, "|", instruments))
    report(paste(name, key, steps, sep = "."), pgmm(formula, s$data, effect = effect, model = steps, ...), names)
  }
  y <- s$y; x <- s$x[1]
  run("exogenous", sprintf("lag(%s, 2:99)", y), "individual", transformation = "d", collapse = TRUE)
  run("years", sprintf("lag(%s, 2:99)", y), "twoways", transformation = "d", collapse = TRUE)
  run("predetermined", sprintf("lag(%s, 2:4) + lag(%s, 1:3)", y, x), "individual", transformation = "d", collapse = TRUE)
  run("endogenous", all, "twoways", transformation = "d", collapse = TRUE)
  run("system", all, "twoways", transformation = "ld", collapse = TRUE)
  if (name == "empluk") {
    run("full", sprintf("lag(%s, 2:99)", y), "individual", transformation = "d")
    run("full_years", sprintf("lag(%s, 2:99)", y), "twoways", transformation = "d")
    run("full_system", all, "twoways", transformation = "ld")
  }
}
write_out("plm_panels.txt")
