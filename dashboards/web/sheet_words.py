"""Words of imports, marked for translation; and the sentences of `inventory.sheets`."""

from __future__ import annotations

from dashboards.web.words import N_

KINDS = {
    "new": N_("new"),
    "changed": N_("changed"),
    "same": N_("the same"),
    "refused": N_("refused"),
    "skipped": N_("skipped"),
}
"""What becomes of a row."""

STATES = {
    "reading": N_("being read"),
    "ready": N_("preview"),
    "failed": N_("cannot be read"),
    "applying": N_("being taken over"),
    "applied": N_("taken over"),
    "undone": N_("undone"),
}
"""How far an import is."""

STEPS = {
    "waiting": N_("Waiting for the import before it"),
    "reading": N_("The sheet is being read"),
    "planning": N_("Each row is compared with the register"),
    "applying": N_("The rows are being taken over"),
}
"""What is being done for an import."""

SENTENCES = (
    N_("cannot be read: {why}"),
    N_("has {size} MB; a sheet may have {most} MB, send it in parts"),
    N_("is empty"),
    N_("is protected by a password or is an old .xls file; save it as .xlsx without a password"),
    N_("is a web page or XML, not a sheet; open it and save it as .xlsx"),
    N_("is a PDF file, not a sheet; save the sheet as .xlsx"),
    N_("is damaged or only half a file; copy or send it again"),
    N_("is packed in a way that no spreadsheet uses; save it anew"),
    N_("is protected by a password; save it without one"),
    N_("holds two parts of one name; save it anew"),
    N_("is an OpenDocument sheet; save it as .xlsx"),
    N_("is a zip file, but no sheet; save the sheet as .xlsx"),
    N_("holds XML that is not UTF-8; save it anew"),
    N_("holds entities that could reach other files; save it anew"),
    N_("unpacks to more than {most} MB; a sheet may not"),
    N_("holds macros, which are not taken; save it as .xlsx without them"),
    N_("needs too much memory to read; send it in parts"),
    N_("is damaged; open it in a spreadsheet and save it anew"),
    N_("has no sheet in which something stands"),
    N_("has more than {most} rows; send it in parts"),
    N_("has more than {most} columns"),
    N_("has more than {most} MB; send it in parts"),
    N_("has a cell with more than {most} characters"),
    N_('has quotes (") in line {line} that do not fit; mend them or save it as .xlsx'),
    N_("is not UTF-8 (row {row}), it looks like {coding}; save it as CSV UTF-8 or as .xlsx"),
    N_("is a document, not a sheet; copy its table into a sheet and save that"),
    N_("is no sheet; save the sheet as .xlsx or as CSV UTF-8"),
    N_("takes too long to read; send it in parts"),
    N_("cannot be read within the memory that there is; send it in parts"),
    N_("has nothing in row {row}"),
    N_(
        "is in the old coding {coding} (row {row}); convert it to Unicode first, for "
        "example with UniKey"
    ),
    N_(
        "has no row with the names of its columns, for example Mã tài sản, Tên tài "
        "sản, Loại tài sản, Mã xã"
    ),
    N_("has no column that is known; say which column is what"),
    N_("the register has changed meanwhile; look at the preview again"),
    N_("Hatang cannot write now; try again"),
    N_("Hatang was stopped while it wrote this, and nothing of it was written; take it over again"),
    N_("holds the error {what}; type the value"),
    N_("holds a formula; copy the column and paste it as values"),
    N_(
        "{text} is in the old coding {coding}; convert the sheet to Unicode first, "
        "for example with UniKey"
    ),
    N_("has become the date {day}; set the cell to text and type it again"),
    N_("the spreadsheet has rounded this number; set the cell to text and type it again"),
    N_("{text} is no number of Hatang; leave it as it was exported"),
    N_("{text} is not known; write one of: {known}"),
    N_("{text} is not a commune that is watched; write one of: {known}"),
    N_("{text} may be several communes; write the code: {known}"),
    N_("{text} is not a day; write it as 31/12/2025"),
    N_("{text}: write the year with four digits, as 31/12/2025"),
    N_("{text} is not in the calendar; write the day, then the month, as 31/12/2025"),
    N_("must be a whole number of dong, for example 12500000"),
    N_("{text} must be a whole number of dong, for example 12.500.000"),
    N_("{text} is below zero; write what it cost"),
    N_("{text} must be a whole number"),
    N_("{text} must be yes or no"),
    N_("must be words with ; between them"),
    N_("must be left as exported, for example {example}"),
    N_("must not be empty"),
    N_("row {row} is about {tag}, too; keep one of the two"),
    N_("row {row} has the tag {tag}, too; give one of the two another"),
    N_("there is no asset {number}; leave the cell empty for a new one"),
    N_("{tag} is another asset than number {number}; correct one of the two"),
    N_("several assets have this serial number: {tags}; write the tag of the one"),
    N_("{tag} is kept in hatang.yaml; change it there"),
    N_("you may register in {known} only"),
    N_("numbers of the columns"),
    N_("a heading: only one cell is filled"),
    N_("a sum or signature below the list"),
    N_("nothing stands in the columns that are taken over"),
)
"""English texts of `inventory.sheets`, so that they have translations."""

PAGES = (
    N_("choose a file first"),
    N_("What is wrong"),
    N_("The file {what}."),
    N_("write the day as 31/12/2025"),
)
"""What pages of spreadsheets say beside their templates."""
