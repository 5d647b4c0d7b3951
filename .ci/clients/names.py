#!/usr/bin/python3
"""Fails when a service's groups, client ids or transactional ids are not those of the table in ops/security.md.

usage: names.py BROKER TRANSACTIONAL_IDS     (a file with one a line)
"""
import re
import sys

from confluent_kafka.admin import AdminClient

broker, transactions = sys.argv[1:]
ROLES = ("serve", "minibatch", "adapt")
CAPITALS = {"PREFIX": "", "INSTANCE": "up", "UUID": "[0-9a-f-]{36}", "N": "[0-9]+", "CLIENT": "[A-Za-z0-9-]+", "ISOLATION": "read_(un)?committed"}


def patterns(cell):
    names = re.findall("`([^`]+)`", cell)
    return [re.sub("[A-Z]{4,}|N(?![a-z])", lambda name: CAPITALS[name.group()], name) for name in names]


def check(what, seen, known):
    strangers = [name for name in seen if not any(re.fullmatch(pattern, name) for pattern in known)]
    unseen = [pattern for pattern in known if not any(re.fullmatch(pattern, name) for name in seen)]
    assert not strangers, f"{what} that ops/security.md does not know: {strangers}; it knows {known}"
    return unseen


groups = {group.id: group for group in AdminClient({"bootstrap.servers": broker}).list_groups(timeout=30)}
transactional = [line.strip() for line in open(transactions) if line.startswith("acclimate-")]
known = []
for line in open("ops/security.md"):
    cells = line.split("|")
    if len(cells) == 8 and cells[1].strip(" `") in ROLES:
        role_group, role_transactions, clients = (patterns(cell) for cell in cells[4:7])
        known += role_transactions
        assert role_group[0] in groups, f"no group {role_group} among {sorted(groups)}"
        members = [member.client_id for member in groups[role_group[0]].members]
        assert members, f"nobody is in group {role_group[0]}"
        check(f"client ids of {role_group[0]}", members, clients)
assert len(known) == len(ROLES), known
unseen = check("transactional ids", transactional, known)
assert not unseen, f"no transactional id like {unseen} among {transactional}"
print(f"names as in ops/security.md: {len(groups)} groups, {len(transactional)} transactional ids")
