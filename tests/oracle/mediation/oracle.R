# Rscript oracle.R, writes boot_lm.txt beside itself. Mediation by lm with dummies and the bootstrap of package boot:
# units are drawn, each copy of a unit gets a dummy of its own, every draw is fitted anew. The draws are written to
# draws.csv (how often each unit is drawn), so that the same ones can be computed by the program.
library(boot)
library(sandwich)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
lines <- c(paste("#", R.version.string), paste("# boot", packageVersion("boot"), "sandwich", packageVersion("sandwich")))
emit <- function(key, values) lines <<- c(lines, trimws(sprintf("%s%s %.15g", key, if (is.null(names(values))) "" else paste0(".", names(values)), values)))

d <- read.csv(file.path(here, "panel.csv"))
ids <- sort(unique(d$id))
parts <- split(d, d$id)
resample <- function(drawn) {
  r <- do.call(rbind, parts[drawn])
  r$id <- rep(seq_along(drawn), sapply(parts[drawn], nrow))
  r
}
effects <- c(pooled = "", oneway = "+ factor(id)", twoway = "+ factor(id) + factor(year)")
statistic <- function(kind, weighted) function(r) {
  w <- if (weighted) r$w else rep(1, nrow(r))
  r$omega <- w
  fit <- function(formula) coef(lm(as.formula(paste(formula, "+ c1 + c2", effects[[kind]])), r, weights = omega))
  m <- fit("m ~ x"); n <- fit("n ~ x + m"); p <- fit("n ~ x"); total <- fit("y ~ x"); s <- fit("y ~ x + m")
  ch <- fit("y ~ x + m + n")
  v <- fit("m ~ x + v + I(x * v)"); o <- fit("y ~ x + v + m")
  c(a = m[["x"]], b = s[["m"]], direct = s[["x"]], total = total[["x"]], indirect = m[["x"]] * s[["m"]],
    long = m[["x"]] * n[["m"]] * ch[["n"]], first = m[["x"]] * ch[["m"]], second = n[["x"]] * ch[["n"]],
    parallel2 = p[["x"]] * ch[["n"]], index = v[["I(x * v)"]] * o[["m"]])
}
for (kind in names(effects)) for (weighted in c(FALSE, TRUE)) {
  name <- paste0(kind, if (weighted) ".weighted" else "")
  f <- statistic(kind, weighted)
  emit(name, f(d))
  set.seed(7)
  b <- boot(ids, function(z, at) f(resample(at)), R = 199)
  emit(paste0(name, ".se"), apply(b$t, 2, sd) |> setNames(names(b$t0)))
  emit(paste0(name, ".draw1"), setNames(b$t[1, ], names(b$t0)))
  emit(paste0(name, ".draw199"), setNames(b$t[199, ], names(b$t0)))
  j <- sapply(seq_along(ids), function(i) f(resample(seq_along(ids)[-i])))
  emit(paste0(name, ".jackknife"), apply(j, 1, function(v) sqrt((length(v) - 1) / length(v) * sum((v - mean(v))^2))))
  if (name == "twoway") {
    write.csv(t(apply(boot.array(b, indices = TRUE), 1, tabulate, nbins = length(ids))), file.path(here, "draws.csv"), row.names = FALSE)
    # BCa by boot, with the jackknife's influence values over units
    influence <- (length(ids) - 1) * (mean(j["indirect", ]) - j["indirect", ])
    found <- boot.ci(b, index = 5, type = c("norm", "basic", "perc", "bca"), L = influence)
    emit("ci.basic", setNames(found$basic[4:5], c("low", "high")))
    emit("ci.percent", setNames(found$percent[4:5], c("low", "high")))
    emit("ci.bca", setNames(found$bca[4:5], c("low", "high")))
    emit("ci.bca.level", setNames(found$bca[2:3] / (b$R + 1), c("low", "high")))
    emit("ci.type6.low", unname(quantile(b$t[, 5], .025, type = 6)))
    emit("ci.type7.low", unname(quantile(b$t[, 5], .025, type = 7)))
    emit("ci.type2.low", unname(quantile(b$t[, 5], .025, type = 2)))
  }
}
# standard errors of the columns, clustered by unit, and Sobel's z from them
clustered <- function(formula) {
  fit <- lm(as.formula(paste(formula, "+ c1 + c2 + factor(id) + factor(year)")), d)
  V <- vcovCL(fit, cluster = d$id, type = "HC0", cadjust = FALSE)
  list(b = coef(fit), se = sqrt(diag(V)))
}
a <- clustered("m ~ x"); y <- clustered("y ~ x + m")
emit("raw_se.a", a$se[["x"]]); emit("raw_se.b", y$se[["m"]])
va <- a$se[["x"]]^2; vb <- y$se[["m"]]^2
product <- a$b[["x"]] * y$b[["m"]]
emit("raw_sobel", product / sqrt(y$b[["m"]]^2 * va + a$b[["x"]]^2 * vb))
emit("raw_aroian", product / sqrt(y$b[["m"]]^2 * va + a$b[["x"]]^2 * vb + va * vb))
emit("raw_goodman", product / sqrt(y$b[["m"]]^2 * va + a$b[["x"]]^2 * vb - va * vb))
e <- resid(lm(m ~ x + c1 + c2 + factor(id) + factor(year), d)); u <- resid(lm(y ~ x + c1 + c2 + factor(id) + factor(year), d))
emit("rho_zero", cor(e, u))
writeLines(lines, file.path(here, "boot_lm.txt"))
