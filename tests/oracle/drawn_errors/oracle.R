# Least squares on dummies for draws of whole firms, and the cluster jackknife, by R's lm. Rscript oracle.R
# Writes lm.txt ("key value" lines) and draws.csv (which firms each draw holds).
setwd(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))))
d <- read.csv("../grunfeld.csv")
firms <- unique(d$firm)
parts <- split(d, d$firm)
set.seed(20)
draws <- t(replicate(40, sample(seq_along(firms), replace = TRUE)))
write.table(draws, "draws.csv", sep = ",", row.names = FALSE, col.names = FALSE)
out <- file("lm.txt", "w")
cat("#", R.version.string, "\n", file = out)
say <- function(key, value) cat(sprintf("%s %.15g\n", key, value), file = out)

# Slopes, and the constant as mean of y less that of x'b.
estimate <- function(r, effects) {
  fit <- lm(as.formula(paste("inv ~ value + capital", effects)), r)
  b <- coef(fit)[c("value", "capital")]
  c(b, Constant = mean(r$inv) - sum(b * colMeans(r[, c("value", "capital")])))
}
models <- c(pooled = "", id = "+ factor(copy)", two = "+ factor(copy) + factor(year)")
stack <- function(at) {
  r <- do.call(rbind, parts[at])
  r$copy <- rep(seq_along(at), sapply(parts[at], nrow))
  r
}
for (name in names(models)) {
  for (i in seq_len(nrow(draws))) {
    b <- estimate(stack(draws[i, ]), models[name])
    for (term in names(b)) say(sprintf("%s.%d.%s", name, i, term), b[term])
  }
  b <- estimate(stack(seq_along(firms)), models[name])
  without <- sapply(seq_along(firms), function(g) estimate(stack(seq_along(firms)[-g]), models[name]))
  G <- length(firms)
  V <- (G - 1) / G * tcrossprod(without - b)
  for (i in names(b)) for (j in names(b)) say(sprintf("%s.jackknife.%s.%s", name, i, j), V[i, j])
}
close(out)
