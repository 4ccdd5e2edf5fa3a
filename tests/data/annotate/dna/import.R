# Loads documents.csv and eventlist.csv into a DNA database; needs the R package rDNA.
library(rDNA)
database <- "project.dna"   # made beforehand in DNA
neutral <- FALSE            # TRUE where `agreement` is an integer variable, which holds -1 for neutral
dna_init()
dna_openDatabase(database, coderId = 1, coderPassword = readline("Password of coder 1: "))
docs <- read.csv("documents.csv", encoding = "UTF-8", colClasses = "character")
st <- read.csv2("eventlist.csv", encoding = "UTF-8", na.strings = character())
if (!neutral) {
  message(sum(st$agreement < 0), " neutral statements are left out: set neutral <- TRUE")
  st <- st[st$agreement >= 0, ]
}
ids <- dna_addDocuments(coder_id = 1, title = docs$title, text = docs$text, author = docs$author, source = docs$source,
                        section = docs$section, type = docs$type, date_time = as.POSIXct(docs$date, tz = "UTC"))
for (i in seq_len(nrow(st))) {
  dna_addStatement(ids[st$document_id[i]], st$start_position[i], st$stop_position[i], "DNA Statement", 1,
                   person = st$person[i], organization = st$organization[i], concept = st$concept[i],
                   agreement = st$agreement[i])
}
