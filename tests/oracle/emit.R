# Shared by the oracle scripts: the panels, and one "key value" line for each number.
library(plm)
library(sandwich)

here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
lines <- c(paste("#", R.version.string), paste("# plm", packageVersion("plm")), paste("# sandwich", packageVersion("sandwich")))
emit <- function(key, values) {
  names <- names(values)
  names[names == "(Intercept)"] <- "Constant"
  if (is.null(names)) names <- rep("", length(values))
  lines <<- c(lines, trimws(sprintf("%s%s %.15g", key, ifelse(names == "", "", paste0(".", names)), values)))
}
se <- function(V) sqrt(diag(V))
write_out <- function(name) writeLines(lines, file.path(here, name))

data("Grunfeld", package = "plm")
grunfeld <- pdata.frame(transform(Grunfeld, region = (firm - 1) %% 4 + 1), index = c("firm", "year"))
# GRUN-U: without firm 1 before 1940 and firm 3 after 1948
unbalanced <- with(Grunfeld, Grunfeld[!(firm == 1 & year < 1940) & !(firm == 3 & year > 1948), ])
unbalanced <- pdata.frame(transform(unbalanced, region = (firm - 1) %% 4 + 1), index = c("firm", "year"))
synthetic <- read.csv(file.path(here, "..", "synthetic.csv"))
panels <- list(
  grunfeld = list(data = grunfeld, formula = inv ~ value + capital),
  unbalanced = list(data = unbalanced, formula = inv ~ value + capital),
  synthetic = list(data = pdata.frame(synthetic, index = c("id", "year")), formula = y ~ x1 + x2)
)
