# Rscript oracle.R, writes base_r.txt beside itself. Composite indexes in base R, from the textbook formulas, written
# without a look at the program: loops over columns, prcomp for the components, cor for CRITIC.
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
lines <- paste("#", R.version.string)
emit <- function(key, values) lines <<- c(lines, sprintf("%s.%d %.15g", key, seq_along(values), values))

minmax <- function(x, s) if (s > 0) (x - min(x)) / (max(x) - min(x)) else (max(x) - x) / (max(x) - min(x))
entropy <- function(z, shift = 0) {
  e <- apply(z, 2, function(column) {
    p <- (column + shift) / sum(column + shift)
    p <- p[p > 0]
    -sum(p * log(p)) / log(nrow(z))
  })
  list(e = e, w = (1 - e) / sum(1 - e))
}
critic <- function(z) {
  C <- apply(z, 2, sd) * rowSums(1 - cor(z))
  C / sum(C)
}
topsis <- function(v, best, worst) {
  plus <- sqrt(colSums((t(v) - best)^2))
  minus <- sqrt(colSums((t(v) - worst)^2))
  minus / (plus + minus)
}
components <- function(x, s, keep) {
  p <- prcomp(sweep(x, 2, s, `*`), center = TRUE, scale. = TRUE)
  lambda <- p$sdev^2
  q <- if (keep == "kaiser") sum(lambda > 1) else which(cumsum(lambda) / sum(lambda) >= .85)[1]
  score <- 0
  for (k in 1:q) score <- score + sign(sum(p$rotation[, k])) * p$x[, k] * lambda[k] / sum(lambda[1:q])
  list(lambda = lambda, score = score)
}
indexes <- function(name, x, s, groups, year) {
  z <- sapply(seq_along(s), function(j) minmax(x[, j], s[j]))
  for (shift in c(0, 1e-4, .01)) {
    found <- entropy(z, shift)
    emit(paste0(name, ".entropy", shift, ".e"), found$e)
    emit(paste0(name, ".entropy", shift, ".w"), found$w)
    emit(paste0(name, ".entropy", shift, ".index"), z %*% found$w)
  }
  w <- entropy(z)$w
  p <- sweep(z, 2, colSums(z), `/`)
  emit(paste0(name, ".p.index"), p %*% w)
  emit(paste0(name, ".equal.index"), rowMeans(z))
  emit(paste0(name, ".critic.w"), critic(z))
  emit(paste0(name, ".critic.index"), z %*% critic(z))
  v <- sweep(z, 2, w, `*`)
  emit(paste0(name, ".topsis_minmax.index"), topsis(v, apply(v, 2, max), apply(v, 2, min)))
  v <- sweep(sweep(x, 2, sqrt(colSums(x^2)), `/`), 2, w, `*`)
  best <- ifelse(s > 0, apply(v, 2, max), apply(v, 2, min))
  worst <- ifelse(s > 0, apply(v, 2, min), apply(v, 2, max))
  emit(paste0(name, ".topsis_vector.index"), topsis(v, best, worst))
  for (keep in c("kaiser", "share")) {
    pca <- components(x, s, keep)
    emit(paste0(name, ".pca_", keep, ".lambda"), pca$lambda)
    emit(paste0(name, ".pca_", keep, ".index"), pca$score)
  }
  inside <- numeric(length(s))
  scores <- NULL
  for (g in unique(groups)) {
    own <- groups == g
    inside[own] <- entropy(z[, own, drop = FALSE])$w
    scores <- cbind(scores, z[, own, drop = FALSE] %*% inside[own])
  }
  outside <- entropy(scores)$w
  emit(paste0(name, ".two_stage.w"), inside * outside[match(groups, unique(groups))])
  emit(paste0(name, ".two_stage.index"), scores %*% outside)
  S <- numeric(nrow(x))
  for (t in unique(year)) {
    zt <- sapply(seq_along(s), function(j) {
      column <- x[year == t, j]
      if (max(column) == min(column)) 0 * column else minmax(column, s[j])
    })
    varies <- colSums(zt) > 0
    S[year == t] <- zt[, varies, drop = FALSE] %*% entropy(zt[, varies, drop = FALSE])$w
  }
  emit(paste0(name, ".year.index"), S)
}

small <- cbind(c(1, 2, 4, 8), c(10, 8, 7, 1), c(0, 0, 1, 1))
indexes("small", small, c(1, -1, 1), c("a", "a", "b"), c(1, 1, 2, 2))

provinces <- read.csv(file.path(here, "..", "..", "..", "specs", "data", "provinces.csv"))
sample <- provinces[provinces$year >= 2012, ]
columns <- c("foreign_firms", "registered_capital", "foreign_investment", "labour_abroad", "foreign_contracts",
             "tourism_revenue", "trade_dependence", "science_spending", "free_trade_zone")
x <- as.matrix(sample[columns])
indexes("provinces", x, rep(1, 9), rep(c("SC", "COM", "ENV"), each = 3), sample$year)
# the share of the index's variance within provinces that each indicator carries, and the index without it
z <- apply(x, 2, minmax, s = 1)
w <- entropy(z)$w
within <- function(v) v - ave(v, sample$province)
S <- as.vector(z %*% w)
emit("provinces.within", sapply(1:9, function(j) cov(within(w[j] * z[, j]), within(S)) / var(within(S))))
without <- sapply(1:9, function(j) as.vector(z[, -j] %*% entropy(z[, -j])$w))
emit("provinces.correlation", apply(without, 2, cor, y = S))
emit("provinces.change", apply(abs(without - S), 2, max))
writeLines(lines, file.path(here, "base_r.txt"))
