# SPDX-License-Identifier: Apache-2.0
# sarif.py LOG: a SARIF log as lines of text, after a look at what the standard demands of every result.
import json
import os
import sys


def place(location):
    physical = location["physicalLocation"]
    region = physical["region"]
    return f"{os.path.basename(physical['artifactLocation']['uri'])}:{region['startLine']}:{region['startColumn']}"


def main(path):
    with open(path, encoding="utf-8") as file:
        log = json.load(file)
    run, = log["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    print(f"version {log['version']}, {len(rules)} rules, {len(run['results'])} results")
    for result in run["results"]:
        assert result["ruleId"] in rules
        where, = result["locations"]
        print(f"{result['level']} {result['ruleId']} {place(where)}: {result['message']['text']}")
        for related in result["relatedLocations"]:
            print(f"  {place(related)}: {related['message']['text']}")
        for fix in result.get("fixes", []):
            for change in fix["artifactChanges"]:
                for replacement in change["replacements"]:
                    region = replacement["deletedRegion"]
                    name = os.path.basename(change["artifactLocation"]["uri"])
                    print(f"  fix {name}:{region['startLine']}:{region['startColumn']}-{region['endLine']}:"
                          f"{region['endColumn']} '{replacement.get('insertedContent', {}).get('text', '')}'")


if __name__ == "__main__":
    main(sys.argv[1])
