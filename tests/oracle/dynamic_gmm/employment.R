# Rscript employment.R writes EmplUK.csv beside itself, from plm's data of Arellano and Bond (1991). The file stays out of
# the repository (plm is under the GPL); with it, test_employment_anchors.py is collected.
library(plm)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
data("EmplUK", package = "plm")
write.csv(format(EmplUK, digits = 15), file.path(here, "EmplUK.csv"), row.names = FALSE, quote = FALSE)
