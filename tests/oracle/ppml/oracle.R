# Poisson regression on dummies (glm), clusters by sandwich. Rscript oracle.R writes glm_sandwich.txt.
# glm keeps units whose outcomes are all zero: they are left out by hand, as are the separated rows (rare = 1).
suppressMessages(source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "emit.R")))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
trade <- read.csv(file.path(here, "trade.csv"))
sets <- list(
  grunfeld = list(data = data.frame(id = Grunfeld$firm, year = Grunfeld$year, y = Grunfeld$inv, x1 = Grunfeld$value,
                                    x2 = Grunfeld$capital, w = 1)),
  trade = list(data = trade[trade$id != 8, ]),
  separated = list(data = trade[trade$id != 8 & trade$rare == 0, ])
)
for (name in names(sets)) {
  for (effects in c("none", "one", "two")) for (weights in c("plain", "weighted")) {
    d <- sets[[name]]$data
    if (effects != "none") d <- d[ave(d$y, d$id, FUN = sum) > 0 & ave(d$y, d$id, FUN = length) > 1, ]
    f <- y ~ x1 + x2
    if (effects != "none") f <- update(f, . ~ . + factor(id))
    if (effects == "two") f <- update(f, . ~ . + factor(year))
    d$weight <- if (weights == "weighted") d$w else 1
    m <- suppressWarnings(glm(f, family = poisson, data = d, weights = weight, control = list(epsilon = 1e-14, maxit = 200)))
    key <- paste(name, effects, weights, sep = ".")
    used <- c(if (effects == "none") "(Intercept)", "x1", "x2")
    emit(paste0(key, ".b"), coef(m)[used])
    emit(paste0(key, ".iid"), se(vcov(m))[used])
    emit(paste0(key, ".cluster"), se(vcovCL(m, cluster = d$id, type = "HC0", cadjust = FALSE))[used])
    emit(paste0(key, ".hc0"), se(vcovHC(m, type = "HC0"))[used])
    emit(paste0(key, ".fit"), c(n = nobs(m), deviance = deviance(m)))
    if (weights == "plain") emit(paste0(key, ".log_likelihood"), c(x = as.numeric(suppressWarnings(logLik(m)))))
  }
}
write_out("glm_sandwich.txt")
