"""Packs the data files of uroman into packages/text/src/uroman/uroman-data.ts.

    python3.11 tooling/unicode/python/pack_uroman.py <folder uroman/data of isi-nlp/uroman> <target file>

Python 3.11 brings Unicode 14.0, which the official results were made with; another version is refused. The file says what
is known after all tables of the official program are loaded in its order; the reader is src/uroman/read-data.ts.
"""

import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

if unicodedata.unidata_version != "14.0.0":
    sys.exit(f"Unicode 14.0.0 is needed, this Python has {unicodedata.unidata_version}")
folder, target = Path(sys.argv[1]), Path(sys.argv[2])

# Scripts whose names the program looks at, in the order of the table's values from 1.
SPECIAL_SCRIPTS = ["Thai", "Hiragana", "Katakana", "Coptic"]
CODE_ALPHABET = "".join(chr(code) for code in range(0x23, 0x7F) if chr(code) not in "'\\`")
LAST = 0x110000


def lines_of(name):
    for line in (folder / name).read_text("utf-8").split("\n"):
        if line.startswith("#") or not line.strip():
            continue
        yield re.sub(r"\s{2,}#.*$", "", line)


def slot(line, name):
    found = re.match(rf"(?:.*\s)?::{name}(|\s+\S.*?)(?:\s+::\S.*|\s*)$", line)
    return found.group(1).strip() if found else None


def unquote(text):
    if text is None:
        return None
    found = re.match(r"""\s*(['"“])(.*)(['"”])\s*$""", text)
    return found.group(2) if found and found.group(1) + found.group(3) in ("''", '""', "“”") else text


def listed(text):
    return re.split(r"[,;]\s*", text) if text else []


def unicode_name(text):
    try:
        return unicodedata.name(text)
    except (ValueError, TypeError):
        return names.get(text, "")


def without_spaces(source, text):
    """Names with spaces stand for the character itself, but for two scripts."""
    if not text or " " not in text:
        return text
    name = unicode_name(source)
    if "MYANMAR VOWEL SIGN KAYAH" in name and (found := re.search(r"kayah\s+(\S+)\s*$", text)):
        return found.group(1)
    if "MENDE KIKAKUI SYLLABLE" in name and (found := re.search(r"m\d+\s+(\S+)\s*$", text)):
        return found.group(1)
    return source if re.search(r"\S\s+\S", text) else text


names, tone_marks, before_consonant = {}, set(), set()
rules = defaultdict(list)
minus, plus, fractions = [], [], []
PLACES = {
    "s": "use-only-at-start-of-word",
    "S": "dont-use-at-start-of-word",
    "e": "use-only-at-end-of-word",
    "E": "dont-use-at-end-of-word",
    "w": "use-only-for-whole-word",
}
CANCEL = {"target": "", "flags": "", "languages": [], "others": [], "end": None, "origin": "cancel"}
cancelled = [chr(code) + "\u0e4c" for code in range(0x0E01, 0x0E4C)] + [
    chr(code) + vowel + "\u0e4c"
    for code in range(0x0E01, 0x0E2F)
    for vowel in ["\u0e31", "\u0e47"] + [chr(other) for other in range(0x0E33, 0x0E3B)]
]


def load_rules(name, origin, by_code_point=False):
    for line in lines_of(name):
        if by_code_point:
            try:
                source = chr(int(unquote(slot(line, "u")), 16))
            except (ValueError, TypeError):
                continue
            text, end = unquote(slot(line, "r")), None
            if slot(line, "name"):
                names[source] = slot(line, "name")
            if slot(line, "tone-mark"):
                tone_marks.add(source)
            if slot(line, "syllable-info") == "written-pre-consonant-spoken-post-consonant":
                before_consonant.add(source)
        else:
            source, text, end = (unquote(slot(line, key)) for key in ("s", "t", "t-end-of-syllable"))
        for key, signs in (("is-minus-sign", minus), ("is-plus-sign", plus)):
            if slot(line, key) is not None and source not in signs:
                signs.append(source)
        if slot(line, "fraction-connector") and source not in fractions:
            fractions.append(source)
        if source is None:
            continue
        rule = {
            "target": without_spaces(source, text),
            "flags": "".join(flag for flag, key in PLACES.items() if slot(line, key) is not None),
            "languages": listed(slot(line, "lcode")),
            "others": [unquote(one) for one in listed(slot(line, "t-alt"))],
            "end": end,
            "origin": origin,
        }
        known = rules[source]
        is_replaced = len(known) == 1 and known[0]["origin"] in ("ud", "ow")
        if is_replaced and not rule["flags"] and not rule["languages"]:
            rules[source] = [rule]
        else:
            known.append(rule)
    for source in cancelled:
        if not rules[source]:
            rules[source] = [CANCEL]


def load_pinyin():
    for line in lines_of("Chinese_to_Pinyin.txt"):
        source, pinyin = line.split()
        letters = ""
        for character in pinyin:
            parts = [chr(int(part, 16)) for part in unicodedata.decomposition(character).split()]
            kept = [part for part in parts if unicodedata.category(part).startswith("L")]
            letters += character if not parts else kept[0] if len(kept) == 1 else ""
        rule = dict(CANCEL, target=letters.replace("ü", "u"), origin="pinyin")
        rules[source].append(rule)


load_rules("romanization-auto-table.txt", "ud")
load_rules("UnicodeDataOverwrite.txt", "ow", by_code_point=True)
load_rules("romanization-table.txt", "man")
load_pinyin()

vowels = {}
for line in lines_of("Scripts.txt"):
    if slot(line, "abugida-default-vowel"):
        vowels[slot(line, "script-name")] = listed(slot(line, "abugida-default-vowel"))
scripts = SPECIAL_SCRIPTS + list(vowels)
script_of, vowel_signs, medials, viramas = {}, set(), set(), set()
for name in ("UnicodeDataProps.txt", "UnicodeDataPropsCJK.txt", "UnicodeDataPropsHangul.txt"):
    for line in lines_of(name):
        script = slot(line, "script-name")
        if not script:
            continue
        for key in ("char", "numeral"):
            for character in slot(line, key) or "":
                script_of[character] = script
        vowel_signs.update(slot(line, "vowel-sign") or "")
        medials.update(slot(line, "medial-consonant-sign") or "")
        viramas.update(slot(line, "sign-virama") or "")


def runs(values):
    """Lengths in base 32 and values as letters, as src/tables/decode-runs.ts reads them."""
    text, start = "", 0
    for at in range(1, LAST + 1):
        if at < LAST and values[at] == values[start]:
            continue
        length, digits = at - start, ""
        if length > 1:
            while length:
                digits = "0123456789abcdefghijklmnopqrstuv"[length % 32] + digits
                length //= 32
        page, letter = divmod(values[start], 26)
        text += digits + "".join("wxyz"[bit] for bit in range(4) if page >> bit & 1) + chr(65 + letter)
        start = at
    return text


def base36(number):
    digits = ""
    while True:
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36] + digits
        number //= 36
        if not number:
            return digits


marks, kinds, digit_values, script_values, decomposed = ([0] * LAST for _ in range(5))
other_decompositions = []
for code in range(LAST):
    character = chr(code)
    name, category = unicode_name(character), unicodedata.category(character)
    script = script_of.get(character)
    tests = (
        character in vowel_signs,
        character in medials,
        character in viramas,
        "SUBJOINED LETTER" in name,
        "LETTER" in name and script == "Tibetan",
        "NUKTA" in name and category == "Mn",
        "VOCALIC" in name,
        character.islower(),
    )
    marks[code] = sum(1 << bit for bit, test in enumerate(tests) if test)
    script_values[code] = scripts.index(script) + 1 if script in scripts else 0
    kind = {"Mn": 2, "Mc": 3, "Me": 3, "Cf": 4, "Co": 5}.get(category, 1 if category.startswith("L") else 0)
    number = unicodedata.numeric(character, None)
    kinds[code] = kind + (6 if number else 0)
    if number is not None and "DIGIT" in name and number.is_integer() and 0 <= number <= 9:
        digit_values[code] = int(number) + 1
    parts = unicodedata.decomposition(character).split()
    if parts and parts[0].startswith("<") and parts[0] not in ("<super>", "<sub>", "<noBreak>", "<compat>"):
        text = "".join(chr(int(part, 16)) for part in parts[1:])
        decomposed[code] = 1
        if unicodedata.normalize("NFKD", character) != text:
            other_decompositions.append(character + text)

# Numbers of single characters.
numbers, last = [], 0
entries = {}
for line in lines_of("NumProps.jsonl"):
    entry = json.loads(line)
    entries[ord(entry["txt"])] = entry
for code in sorted(entries):
    entry = entries[code]
    if "fraction" in entry:
        assert entry["type"] == "fraction" and "value" not in entry and "base" not in entry, entry
        text = "/".join(map(str, entry["fraction"]))
    else:
        value = entry["value"]
        assert isinstance(value, int), entry
        digits = re.match(r"([0-9]+?)(0*)$", str(value))
        assert entry["base"] == (1 if value < 10 else int("1" + digits.group(2))), entry
        kind = ("digit", "digit-like") if value < 10 else (("base",) if digits.group(1) == "1" else ("multi",))
        assert entry["type"] in kind, entry
        text = ("~" if entry["type"] == "digit-like" else "") + str(value)
    text += ("c" if entry.get("script") == "CJK" else "") + ("p" if entry.get("is-large-power") else "")
    numbers.append(f"{'' if code == last + 1 else base36(code - last)},{text}")
    last = code

plain, complex_lines, counts = {}, [], Counter()
for source, known in rules.items():
    known = [rule for rule in known]
    if not known or (source in cancelled and known == [CANCEL]):
        continue
    only = known[0]
    is_plain = not only["flags"] and not only["languages"] and not only["others"] and only["end"] is None
    if len(known) == 1 and len(source) == 1 and is_plain and only["target"] is not None:
        plain[ord(source)] = only["target"]
        counts[only["target"]] += 1
        continue
    parts = [source]
    for rule in known:
        assert not any("," in one for one in rule["others"]), rule
        flags = rule["flags"] + ("n" if rule["target"] is None else "")
        fields = [rule["target"] or "", flags, ",".join(rule["languages"]), "".join("," + one for one in rule["others"])]
        fields.append("" if rule["end"] is None else "=" + rule["end"])
        assert not any(sign in field for field in fields for sign in "|\t\n"), rule
        parts.append("|".join(fields).rstrip("|") if any(fields) else "")
    complex_lines.append("\t".join(parts))
targets = [text for text, _ in counts.most_common()]
size = len(CODE_ALPHABET)
assert len(targets) <= size * size and not any("\t" in text for text in targets), len(targets)
index = {text: at for at, text in enumerate(targets)}
blocks, last = [], 0
for code in sorted(plain):
    pair = CODE_ALPHABET[index[plain[code]] // size] + CODE_ALPHABET[index[plain[code]] % size]
    if blocks and code == last + 1:
        blocks[-1] += pair
    else:
        blocks.append(f"{base36(code - last)}!{pair}")
    last = code


def quoted(text):
    def shown(character):
        if character in "'\\":
            return "\\" + character
        if character == "\n":
            return "\\n"
        if character == "\t":
            return "\\t"
        if ord(character) < 0x7F:
            return character
        if unicodedata.category(character)[0] in "LNPS":
            return character
        units = character.encode("utf-16-be")
        return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

    return "'" + "".join(map(shown, text)) + "'"


fields = {
    "targets": ("Romanizations of single characters, the frequent ones first, separated by tabs.", "\t".join(targets)),
    "plain": ("Blocks of characters: distance from the last one in base 36, and two signs a target.", " ".join(blocks)),
    "rules": ("A source and its rules on each line: target, places, languages, alternatives, end of a syllable.",
              "\n".join(complex_lines)),
    "numbers": ("Characters with a number: distance in base 36, value, kind.", " ".join(numbers)),
    "scriptNames": ("Names of the scripts that rules ask for.", ",".join(scripts)),
    "scripts": ("Runs of indices into these names, from 1.", runs(script_values)),
    "vowels": ("Vowels that letters of a script are read with.",
               " ".join(f"{scripts.index(name) + 1}:{','.join(known)}" for name, known in vowels.items())),
    "marks": ("Runs of bits: vowel sign, medial, virama, subjoined, Tibetan letter, nukta, vocalic, lowercase.", runs(marks)),
    "kinds": ("Runs: letter, nonspacing mark, other mark, format, private use; 6 more for numbers but zero.", runs(kinds)),
    "digits": ("Runs of values of digits, from 1.", runs(digit_values)),
    "decomposed": ("Runs: 1 where a character is romanized by its decomposition.", runs(decomposed)),
    "decompositions": ("Those that are not the full one, each after its character, separated by tabs.", "\t".join(other_decompositions)),
    "signs": ("Minus signs, plus signs and what stands between the parts of a fraction.",
              "|".join(",".join(one) for one in (minus, plus, fractions))),
    "toneMarks": ("Characters that are tone marks.", "".join(sorted(tone_marks))),
    "beforeConsonant": ("Vowels that are written before a consonant and spoken behind it.", "".join(sorted(before_consonant))),
}
header = """// Rules and tables of uroman 1.3.1.1 (isi-nlp/uroman, commit 86a196e), written by tooling/unicode/python/pack_uroman.py: do
// not edit. Copyright (C) 2015-2024 Ulf Hermjakob, USC Information Sciences Institute; license and the credit that
// publications owe: THIRD_PARTY_NOTICES.md. Properties of characters are those of Unicode 14.0.

"""
body = "".join(f"\n  /** {what} */\n  {name}:\n    {quoted(text)}," for name, (what, text) in fields.items())
target.write_text(f"{header}/** What the romanizer reads when it is first asked. */\nexport const uromanData = {{{body}\n}};\n", "utf-8")
print({name: len(text) for name, (_, text) in fields.items()}, len(targets), len(plain), len(complex_lines), minus, plus, fractions)
