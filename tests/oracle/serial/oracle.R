# Rscript oracle.R, writes plm.txt beside itself: plm's own tests of serial correlation, which are not xtserial.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "..", "panels", "read.R"))
f <- inv ~ value + capital
emit("grunfeld.pwartest", pwartest(f, grunfeld)$statistic)
emit("grunfeld.pwfdtest.fd", pwfdtest(f, grunfeld, h0 = "fd")$statistic)
emit("grunfeld.pwfdtest.fe", pwfdtest(f, grunfeld, h0 = "fe")$statistic)
# their common core by hand: first differences with a constant, residuals on those before with a constant, no clusters
fd <- plm(f, grunfeld, model = "fd")
e <- residuals(fd)
firm <- rep(1:10, each = 19)
before <- ave(as.numeric(e), firm, FUN = function(x) c(NA, x[-length(x)]))
emit("grunfeld.slope_with_constants", coef(lm(as.numeric(e) ~ before))[2])
# without constants, as Wooldridge's test and Stata's xtserial have it
d <- function(x) ave(x, rep(1:10, each = 20), FUN = function(v) c(NA, diff(v)))
frame <- data.frame(y = d(as.numeric(grunfeld$inv)), a = d(as.numeric(grunfeld$value)), b = d(as.numeric(grunfeld$capital)))
u <- residuals(lm(y ~ a + b - 1, na.omit(frame)))
before <- ave(u, firm, FUN = function(x) c(NA, x[-length(x)]))
emit("grunfeld.slope", coef(lm(u ~ before - 1)))
write_out("plm.txt")
