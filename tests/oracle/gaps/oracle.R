# Rscript oracle.R, writes plm.txt beside itself: an unbalanced panel with holes.
suppressMessages({library(plm); library(car)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
lines <- c(paste("#", R.version.string), paste("# plm", packageVersion("plm")), paste("# car", packageVersion("car")))
emit <- function(key, value) lines <<- c(lines, sprintf("%s %.15g", key, unname(value)))
raw <- read.csv(file.path(here, "panel.csv"))
data <- pdata.frame(raw, index = c("id", "year"))
f <- y ~ x + z
fe <- plm(f, data, model = "within")
two <- plm(f, data, model = "within", effect = "twoways")
ols <- plm(f, data, model = "pooling")
put <- function(key, test) { emit(paste0(key, ".value"), test$statistic); emit(paste0(key, ".p"), test$p.value) }
put("f_units", pFtest(fe, ols))
put("f_both", pFtest(two, ols))
put("f_year", pFtest(two, fe))
for (effect in c("individual", "time", "twoways")) put(paste0("bp_", effect), plmtest(ols, effect = effect, type = "bp"))
put("honda_units", plmtest(ols, effect = "individual", type = "honda"))
put("pool_slopes", pooltest(f, data, model = "within"))
put("pool_all", pooltest(f, data, model = "pooling"))
for (test in c("cd", "lm", "sclm")) {
  put(paste0("y.", test), pcdtest(data$y, test = test))
  put(paste0("e.", test), pcdtest(fe, test = test))
}
# Wald tests and the delta method on the fixed-effects slopes, classical and clustered (HC0, no factor)
cl <- vcovHC(fe, method = "arellano", type = "HC0")
b <- coef(fe)
for (kind in c("iid", "cluster")) {
  V <- if (kind == "iid") vcov(fe) else cl
  emit(paste0("joint.", kind, ".chi2"), as.numeric(t(b) %*% solve(V) %*% b))
  d <- deltaMethod(b, "x / (1 - z)", vcov. = V)
  emit(paste0("delta.", kind, ".estimate"), d$Estimate)
  emit(paste0("delta.", kind, ".se"), d$SE)
  d <- deltaMethod(b, "exp(x) * z^2 - sqrt(x)", vcov. = V)
  emit(paste0("delta2.", kind, ".estimate"), d$Estimate)
  emit(paste0("delta2.", kind, ".se"), d$SE)
}
v <- vif(lm(f, raw))
emit("vif.x", v["x"]); emit("vif.z", v["z"])
# tests of series: plm takes rows as adjacent whatever their years, so the units with holes are left out here
whole <- tapply(raw$year, raw$id, function(t) max(t) - min(t) + 1 == length(t))
kept <- pdata.frame(raw[whole[as.character(raw$id)], ], index = c("id", "year"))
emit("whole", sum(whole))
for (name in c("y", "x")) for (d in c(const = "intercept", trend = "trend")) for (p in 0:2) {
  key <- paste(name, d, p, sep = ".")
  run <- function(...) suppressWarnings(purtest(kept[[name]], exo = d, lags = p, dfcor = TRUE, ...)$statistic$statistic)
  emit(paste0("ips.", key), run(test = "ips"))
  for (test in c("madwu", "invnormal", "logit", "Pm")) emit(paste(test, key, sep = "."), run(test = test, p.approx = "MacKinnon1994"))
}
for (K in 1:2) for (pair in list(c("y", "x"), c("x", "y"))) for (test in c("Ztilde", "Wbar")) {
  found <- pgrangertest(as.formula(paste(pair[1], "~", pair[2])), kept, test = test, order = K)
  emit(paste("granger", pair[2], pair[1], K, test, sep = "."), found$statistic)
}
# groups: everything interacted, fixed effects too; clustered by unit with G/(G-1) (n-1)/(n-K), K = 2k + 1
inside <- plm(y ~ x + z + I(x * group) + I(z * group), data, model = "within")
G <- length(unique(raw$id)); n <- nrow(raw)
V <- vcovHC(inside, method = "arellano", type = "HC0") * G / (G - 1) * (n - 1) / (n - 5)
emit("gap.x", coef(inside)[3]); emit("gap.x.se", sqrt(V[3, 3]))
writeLines(lines, file.path(here, "plm.txt"))
