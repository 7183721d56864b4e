"""Files that cannot be read, each made by a function of its own; what is said of them is in refusals.txt."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

GOOD = "county,precinct,office,candidate,votes\nAdams,Ward 1,President,Ann Adams,12\n"
CLARITY = """<?xml version="1.0"?><ElectionResult><Region>Demo</Region>
<Contest key="1" text="Governor" voteFor="1"><Choice key="1" text="Ann Adams" totalVotes="3">
<VoteType name="Election Day" votes="3"><Precinct name="Ward 1" votes="3" /></VoteType></Choice></Contest>
</ElectionResult>"""
NIST = """{"@type": "ElectionResults.ElectionReport", "Format": "precinct-level", "Issuer": "Clerk",
"IssuerAbbreviation": "C", "GeneratedDate": "2024-11-06T01:15:00-05:00", "SequenceStart": 1, "SequenceEnd": 1,
"Status": "certified", "VendorApplicationId": "by hand"}"""
Maker = Callable[[Path], Path]
MAKERS: dict[str, Maker] = {}


def bad(name: str) -> Callable[[Maker], Maker]:
    """Enter a maker under the name by which refusals.txt speaks of it."""

    def enter(maker: Maker) -> Maker:
        MAKERS[name] = maker
        return maker

    return enter


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(members: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(rows: str, texts: str = "") -> bytes:
    """A workbook with one sheet of these rows and these shared texts, both as XML."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Votes" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="b" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="c" '
        f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_SHEET}">{texts}</sst>',
    }
    return zipped(dict(parts))


@bad("truncated zip")
def _(folder: Path) -> Path:
    return put(folder, "returns.zip", zipped({"returns.csv": GOOD * 500})[:-40])


@bad("zip with a damaged member")
def _(folder: Path) -> Path:
    content = bytearray(zipped({"returns.csv": "".join(f"{n * 7919} " for n in range(5000))}))
    content[200:220] = b"\0" * 20
    return put(folder, "returns.zip", bytes(content))


@bad("encrypted zip")
def _(folder: Path) -> Path:
    content = bytearray(zipped({"returns.csv": GOOD}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return put(folder, "returns.zip", bytes(content))


@bad("zip in a zip")
def _(folder: Path) -> Path:
    return put(folder, "outer.zip", zipped({"inner.zip": zipped({"returns.csv": GOOD})}))


@bad("zip bomb")
def _(folder: Path) -> Path:
    return put(folder, "bomb.zip", zipped({"returns.csv": b"0" * (150 << 20)}))


@bad("zip without files")
def _(folder: Path) -> Path:
    return put(folder, "empty.zip", zipped({}))


@bad("zip with an empty file")
def _(folder: Path) -> Path:
    return put(folder, "returns.zip", zipped({"returns.csv": ""}))


@bad("workbook bomb in a zip")
def _(folder: Path) -> Path:
    return put(
        folder, "returns.zip", zipped({"returns.xlsx": workbook("<row>" + " " * (120 << 20) + "</row>")})
    )


@bad("workbook with a cell far away")
def _(folder: Path) -> Path:
    far = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return put(folder, "returns.xlsx", workbook(f'<row r="1"><c r="A1"><v>1</v></c></row>{far}'))


@bad("workbook with one long text in many cells")
def _(folder: Path) -> Path:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2001))
    return put(folder, "returns.xlsx", workbook(rows, f"<si><t>{'x' * (5 << 20)}</t></si>"))


@bad("corrupt workbook")
def _(folder: Path) -> Path:
    return put(folder, "returns.xlsx", workbook('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'))


@bad("truncated workbook")
def _(folder: Path) -> Path:
    return put(folder, "returns.xlsx", workbook('<row r="1"><c r="A1"><v>7</v></c></row>')[:-50])


@bad("workbook with a password")
def _(folder: Path) -> Path:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    return put(folder, "returns.xlsx", content)


@bad("binary workbook")
def _(folder: Path) -> Path:
    return put(folder, "returns.xlsb", zipped({"xl/workbook.bin": b"\x83\x01"}))


@bad("old Excel file")
def _(folder: Path) -> Path:
    return put(folder, "returns.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


@bad("web page saved as CSV")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", "\n<!-- saved -->\n<!DOCTYPE html>\n<html><body>Results</body></html>")


@bad("PDF")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", "%PDF-1.7\nResults")


@bad("picture")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)


@bad("gzip")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv.gz", b"\x1f\x8b\x08" + b"\0" * 30)


@bad("half a gzip file")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv.gz", gzip.compress(GOOD.encode() * 9)[:60])


@bad("gzip that swells")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv.gz", gzip.compress(bytes(1 << 20), 9) * 300)


@bad("zip in gzip")
def _(folder: Path) -> Path:
    return put(folder, "returns.zip.gz", gzip.compress(zipped({"returns.csv": GOOD})))


@bad("tar in gzip")
def _(folder: Path) -> Path:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.add(put(folder, "returns.csv", GOOD), "returns.csv")
    return put(folder, "returns.tar.gz", out.getvalue())


@bad("nothing in gzip")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv.gz", gzip.compress(b""))


@bad("JSON")
def _(folder: Path) -> Path:
    return put(folder, "returns.json", '{"votes": 12}')


@bad("wrong encoding")
def _(folder: Path) -> Path:
    row = "Doña Ana,Ward 2,President,Ann Adams,3\n"
    return put(folder, "returns.csv", (GOOD + row).encode("cp1252"))


@bad("wrong encoding below a cell of two lines")
def _(folder: Path) -> Path:
    rows = 'Adams,"Ward\n2",President,Ann Adams,3\nDoña Ana,Ward 3,President,Ann Adams,3\n'
    return put(folder, "returns.csv", (GOOD + rows).encode("cp1252"))


@bad("sign cut short at the end")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", (GOOD + "Doñ").encode()[:-1])


@bad("broken UTF-16")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", GOOD.encode("utf-16") + b"\x00\xd8\x41")


@bad("line of 2 GB")
def _(folder: Path) -> Path:
    path = put(folder, "returns.csv", GOOD + "Adams,")
    with path.open("r+b") as stream:
        stream.truncate(2 << 30)
    return path


@bad("one long quoted cell")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", GOOD + 'Adams,"' + "Ward 2\n" * 800_000 + '",President,Ann Adams,3\n')


@bad("folder")
def _(folder: Path) -> Path:
    (folder / "results").mkdir()
    return folder / "results"


@bad("missing file")
def _(folder: Path) -> Path:
    return folder / "missing.csv"


@bad("empty file")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", "")


@bad("file of zeros")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", b"\0" * 100_000)


@bad("quotation mark never closed")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", GOOD + 'Adams,"Ward 2,President,Ann Adams,3\n' + GOOD)


@bad("quotation mark never closed in the header")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", '"' + GOOD)


@bad("too many columns")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", GOOD.strip().split("\n")[0] + ",x" * 20_000 + "\n")


@bad("header only")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", GOOD.split("\n")[0] + "\n\n,,,,\n")


@bad("columns of no known format")
def _(folder: Path) -> Path:
    return put(folder, "returns.csv", "place,name,number\nAdams,Ann Adams,12\n")


@bad("nearly MEDSL")
def _(folder: Path) -> Path:
    return put(
        folder, "returns.csv", "precinct,office,candidate,mode,votes\nWard 1,President,Ann Adams,TOTAL,12\n"
    )


@bad("OpenElections without votes")
def _(folder: Path) -> Path:
    text = "county,precinct,office,candidate,early_voting\nAdams,Ward 1,President,Ann Adams,many\n"
    return put(folder, "returns.csv", text)


@bad("XML of no known format")
def _(folder: Path) -> Path:
    return put(folder, "results.xml", "<?xml version='1.0'?><Votes><Ann>12</Ann></Votes>")


@bad("entity bomb")
def _(folder: Path) -> Path:
    bombs = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE ElectionResult [<!ENTITY b0 "boom">{bombs}]>'
    return put(folder, "detail.xml", f"{head}<ElectionResult><Region>&b9;</Region></ElectionResult>")


@bad("document type that names a file")
def _(folder: Path) -> Path:
    head = "<!-- results --><!DOCTYPE ElectionResult SYSTEM 'file:///etc/hostname'>"
    return put(folder, "detail.xml", head + CLARITY.partition("?>")[2])


@bad("XML cut short")
def _(folder: Path) -> Path:
    return put(folder, "detail.xml", CLARITY[: CLARITY.index("</Choice>")])


@bad("XML with a bare ampersand")
def _(folder: Path) -> Path:
    return put(folder, "detail.xml", CLARITY.replace("Ann Adams", "Ann & Adams"))


@bad("XML with an attribute of 20 MB")
def _(folder: Path) -> Path:
    return put(folder, "detail.xml", CLARITY.replace("Ann Adams", "A" * (20 << 20)))


@bad("Clarity without votes")
def _(folder: Path) -> Path:
    return put(folder, "detail.xml", "<ElectionResult><Region>Demo</Region></ElectionResult>")


@bad("Clarity summary with a word for votes")
def _(folder: Path) -> Path:
    return put(folder, "summary.json", '[{"C": "Governor", "TP": 2, "CH": ["Ann"], "V": [[12]]}]')


@bad("Clarity summary cut short")
def _(folder: Path) -> Path:
    return put(folder, "summary.json", '[{"C": "Governor", "TP": 2, "CH": ["Ann"], "V": [12')


@bad("NIST version 1")
def _(folder: Path) -> Path:
    space = "http://itl.nist.gov/ns/voting/1500-100/v1"
    return put(
        folder,
        "results.xml",
        f'<ElectionReport xmlns="{space}"><Format>precinct-level</Format></ElectionReport>',
    )


@bad("the dialect of NIST version 1 without a namespace")
def _(folder: Path) -> Path:
    candidates = '<CandidateCollection><Candidate objectId="can1"/></CandidateCollection>'
    return put(folder, "feed.xml", f"<ElectionReport>{candidates}</ElectionReport>")


@bad("NIST JSON without a required field")
def _(folder: Path) -> Path:
    return put(folder, "report.json", NIST.replace('"Status": "certified",', ""))


@bad("NIST JSON with a word that the specification lacks")
def _(folder: Path) -> Path:
    return put(folder, "report.json", NIST.replace('"certified"', '"nearly certified"'))


@bad("NIST JSON with an unknown key")
def _(folder: Path) -> Path:
    return put(folder, "report.json", NIST.replace('"Issuer":', '"Winner": "Ann", "Issuer":'))


@bad("NIST JSON cut short")
def _(folder: Path) -> Path:
    return put(folder, "report.json", NIST[:-20])


@bad("NIST JSON nested without end")
def _(folder: Path) -> Path:
    return put(folder, "report.json", NIST.replace('"Issuer":', f'"Header": {"[" * 100_000}, "Issuer":'))


@bad("NIST XML nested without end")
def _(folder: Path) -> Path:
    space = "http://itl.nist.gov/ns/voting/1500-100/v2"
    return put(folder, "report.xml", f'<ElectionReport xmlns="{space}">{"<Election>" * 5_000}')
