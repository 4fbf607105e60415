"""Reads questions as Moodle and Canvas do, and prints them as JSON: of each its name, its
text, its points, and of each cell its points and what may be given in it. It knows XML, zip
archives and HTML by Python's own libraries; Cloze as docs.moodle.org describes it; and QTI
1.2 as its specification has it."""

import html
import html.parser
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
import zipfile


class Text(html.parser.HTMLParser):
    """The text of a page, a line for each block."""

    def __init__(self):
        super().__init__()
        self.out = ""
        self.tags = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "br":
            self.out += "\n"

    def handle_endtag(self, tag):
        if tag in ("p", "td", "th", "li"):
            self.out += "\n"

    def handle_data(self, data):
        self.out += data


def text(page):
    reader = Text()
    reader.feed(page)
    reader.close()
    strange = reader.tags - set("div p strong table thead tbody tr th td ul li br span".split())
    if strange:
        raise SystemExit(f"the text has elements of its own: {strange}")
    return reader.out


def cut(s, ends):
    """s up to the first of these characters that no backslash escapes, and the rest."""
    piece = re.compile(r"&#?\w+;|\\.|[^" + ends + "]", re.S)
    at = 0
    while found := piece.match(s, at):
        at = found.end()
    return s[:at], s[at:]


def alternative(s, is_page):
    """One answer of a cell, and what follows it."""
    right = s.startswith("=")
    answer, s = cut(s[1:] if right else s, "#~}")
    why = ""
    if s.startswith("#"):
        why, s = cut(s[1:], "~}")
    answer, why = (html.unescape(x).replace("\\}", "}").replace("\\#", "#") for x in (answer, why))
    return {"text": text(answer) if is_page else answer, "right": right, "why": text(why)}, s


def cloze(s):
    """The text of a question with its cells taken out, and the cells."""
    out, cells = "", []
    while True:
        start = re.search(r"\{(\d+):(MULTICHOICE|SHORTANSWER):", s)
        if not start:
            return out + s, cells
        out += s[: start.start()] + f"(({len(cells) + 1}))"
        cell = {"points": start[1], "typed": start[2] == "SHORTANSWER", "options": []}
        s = s[start.end() :]
        while True:
            option, s = alternative(s, not cell["typed"])
            cell["options"].append(option)
            if not s.startswith("~"):
                break
            s = s[1:]
        if not s.startswith("}"):
            raise SystemExit(f"a cell does not end: {s[:60]}")
        cells.append(cell)
        s = s[1:]


def moodle(name):
    out = []
    for q in ElementTree.parse(name).getroot():
        if q.get("type") == "category":
            out.append({"name": q.findtext("category/text"), "text": "", "cells": []})
            continue
        page, cells = cloze(q.findtext("questiontext/text"))
        out.append({"name": q.findtext("name/text"), "text": text(page), "cells": cells})
    return out


def canvas(name):
    archive = zipfile.ZipFile(name)
    ims = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    files = {f.get("href") for f in manifest.iter(ims + "file")}
    if files | {"imsmanifest.xml"} != set(archive.namelist()):
        raise SystemExit(f"the manifest lists {files}, and there are {archive.namelist()}")
    out = []
    for r in manifest.iter(ims + "resource"):
        if r.get("type") == "imsqti_xmlv1p2":
            out += assessment(ElementTree.fromstring(archive.read(r.find(ims + "file").get("href"))))
    return out


def assessment(root):
    for e in root.iter():
        e.tag = e.tag.split("}")[1]
    out, idents = [], set()
    for item in root.iter("item"):
        if item.get("ident") in idents:
            raise SystemExit("two items have one ident")
        idents.add(item.get("ident"))
        fields = {f.findtext("fieldlabel"): f.findtext("fieldentry") for f in item.iter("qtimetadatafield")}
        page = item.findtext("presentation/material/mattext")
        right = {c.find("conditionvar/varequal").text: c.findtext("setvar") for c in item.iter("respcondition") if c.find("conditionvar/varequal") is not None}
        cells = []
        for blank in item.iter("response_lid"):
            name = blank.findtext("material/mattext")
            if blank.get("ident") != "response_" + name or page.count(f"[{name}]") != 1:
                raise SystemExit(f"the text has {page.count(f'[{name}]')} places for {name}")
            page = page.replace(f"[{name}]", f"(({len(cells) + 1}))")
            typed = fields["question_type"] == "fill_in_multiple_blanks_question"
            labels = [(l.get("ident"), l.findtext("material/mattext")) for l in blank.iter("response_label")]
            cells.append({"typed": typed, "options": [{"text": t, "right": typed or i in right} for i, t in labels]})
        out.append({"name": item.get("title"), "text": text(page), "points": fields["points_possible"], "cells": cells,
                    "why": text(item.findtext("itemfeedback/flow_mat/material/mattext"))})
    return out


print(json.dumps([{"moodle-xml": moodle, "qti": canvas}[sys.argv[1]](name) for name in sys.argv[2:]]))
