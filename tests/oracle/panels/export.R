# Rscript export.R writes the panels beside itself: columns of data sets that come with plm.
# empluk: UK firms of Arellano and Bond (1991), logs; produc: US states of Munnell (1990), logs but for the rate.
library(plm)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
data("EmplUK", package = "plm")
data("Produc", package = "plm")
put <- function(frame, name) {
  frame[] <- lapply(frame, function(x) if (is.factor(x)) as.integer(x) else x)
  write.csv(round(frame, 6), file.path(here, name), row.names = FALSE, quote = FALSE)
}
put(with(EmplUK, data.frame(firm, year, emp = log(emp), wage = log(wage), capital = log(capital))), "empluk.csv")
put(with(Produc, data.frame(state, year, gsp = log(gsp), pcap = log(pcap), pc = log(pc), emp = log(emp), unemp)), "produc.csv")
