#!/usr/bin/python3
"""Joins the results of the parts, build/bench/PART.json, into build/bench.json, and prints them.

A part's file is {"part": NAME, "settings": {…}, "tables": [{"title": …, "columns": […], "rows": [[…], …]}],
"targets": [{"what": …, "measured": …, "target": …, "met": true, false or null for not measured}]}.
usage: report.py OUTPUT PART.json...
"""
import json
import sys
import unicodedata


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def shown(value):
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def print_table(title, columns, rows):
    cells = [columns] + [[shown(value) for value in row] for row in rows]
    widths = [max(width(row[i]) for row in cells) for i in range(len(columns))]
    print(f"\n{title}")
    for row in cells:
        padded = [text + " " * (w - width(text)) if i == 0 else " " * (w - width(text)) + text for i, (text, w) in enumerate(zip(row, widths))]
        print("  " + "  ".join(padded).rstrip())


def verdict(target):
    return {True: "met", False: "NOT MET", None: "not measured"}[target["met"]]


def main(output, paths):
    parts = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            parts.append(json.load(file))
    with open(output, "w", encoding="utf-8") as file:
        json.dump({"parts": parts}, file, indent=1, ensure_ascii=False)
        file.write("\n")
    for part in parts:
        print(f"\n== {part['part']}: " + ", ".join(f"{name} {shown(value)}" for name, value in part["settings"].items()))
        for table in part["tables"]:
            print_table(table["title"], table["columns"], table["rows"])
        print_table("What it has to reach", ["what", "measured", "target", ""],
                    [[t["what"], t["measured"], t["target"], verdict(t)] for t in part["targets"]])


main(sys.argv[1], sys.argv[2:])
