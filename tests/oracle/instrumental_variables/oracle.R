# Two-stage least squares with dummies (AER ivreg) and within (plm), first stages by lm, clusters by sandwich.
# Rscript oracle.R writes aer_plm.txt
suppressMessages(source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "emit.R")))
suppressMessages(library(AER))
lines <- c(lines, paste("# AER", packageVersion("AER")))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
d <- read.csv(file.path(here, "panel.csv"))
d$id <- factor(d$id); d$year <- factor(d$year)
pd <- pdata.frame(d, index = c("id", "year"))
own <- c("x", "d", "c")
plain <- function(model, cluster = NULL) vcovCL(model, cluster = cluster, type = "HC0", cadjust = FALSE)

run <- function(key, endogenous, instruments, effects, weights = NULL) {
  exogenous <- setdiff(own, endogenous)
  fe <- if (length(effects)) paste("+", paste(effects, collapse = " + ")) else ""
  right <- paste(paste(own, collapse = " + "), fe)
  all <- paste(paste(c(exogenous, instruments), collapse = " + "), fe)
  w <- if (is.null(weights)) rep(1, nrow(d)) else d[[weights]] / mean(d[[weights]])
  assign("w_", w, envir = globalenv())
  m <- ivreg(as.formula(paste("y ~", right, "|", all)), data = d, weights = w_)
  emit(paste0(key, ".b"), coef(m)[own])
  emit(paste0(key, ".iid"), se(vcov(m))[own])
  if (is.null(weights)) {
    emit(paste0(key, ".cluster_id"), se(plain(m, d$id))[own])
    emit(paste0(key, ".cluster_region"), se(plain(m, d$region))[own])
    emit(paste0(key, ".hc0"), se(vcovHC(m, type = "HC0"))[own])
  }
  table <- summary(m, diagnostics = TRUE)$diagnostics
  if (is.null(weights) && length(instruments) > length(endogenous))
    emit(paste0(key, ".sargan"), c(x = table["Sargan", "statistic"]))
  for (name in endogenous) {
    first <- lm(as.formula(paste(name, "~", all)), data = d, weights = w_)
    b <- coef(first)[instruments]
    for (kind in c("iid", "cluster_id")) {
      V <- (if (kind == "iid") vcov(first) else plain(first, d$id))[instruments, instruments]
      emit(paste0(key, ".wald_", kind, ".", name), c(x = sum(b * solve(V, b))))
    }
  }
  reduced <- lm(as.formula(paste("y ~", all)), data = d, weights = w_)
  b <- coef(reduced)[instruments]
  emit(paste0(key, ".reduced.b"), b)
  emit(paste0(key, ".anderson_rubin"), c(x = sum(b * solve(vcov(reduced)[instruments, instruments], b)) / length(b)))
}
for (effects in list(character(), "id", c("id", "year"))) {
  name <- c("pooled", "one", "two")[length(effects) + 1]
  run(paste0(name, ".single"), "x", c("z1", "z2"), effects)
  run(paste0(name, ".exact"), "x", "z1", effects)
  run(paste0(name, ".double"), c("x", "d"), c("z1", "z2", "z3", "z4"), effects)
  run(paste0(name, ".weighted"), "x", c("z1", "z2"), effects, "w")
}
m <- plm(y ~ x + d + c | c + z1 + z2 + z3 + z4, data = pd, model = "within")
emit("plm.b", coef(m)); emit("plm.iid", se(vcov(m)))
write_out("aer_plm.txt")
