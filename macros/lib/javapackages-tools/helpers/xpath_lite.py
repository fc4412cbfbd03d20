# Library:    javapackages-tools 6.4, the part of XPath that specs use
# Documented: W3C "XML Path Language (XPath) Version 1.0"
# Targets:    all distributions
# Deviations: names are compared without their namespaces; of functions there are contains, starts-with, not,
#             text, true, position, last, count and normalize-space
"""Finds nodes of a document (xml.dom.minidom) by a path."""

import re

TOKEN = re.compile(r"""\s*(?:("[^"]*"|'[^']*')|(//|::|\.\.|!=|<=|>=|[/\[\]()@|,.*=<>])|([\w.\-]+(?::[\w.\-]+)?))""")


class Fault(Exception):
    """A path that is not understood."""


def tokens(path):
    found, at = [], 0
    while path[at:].strip():
        match = TOKEN.match(path, at)
        if not match:
            raise Fault("cannot read XPath `{}` at `{}`".format(path, path[at:]))
        found.append(match.group().strip())
        at = match.end()
    return found


def text(value):
    """The string value of nodes, strings and numbers."""
    if isinstance(value, list):
        return text(value[0]) if value else ""
    if isinstance(value, (str, float, bool)):
        return value if isinstance(value, str) else str(value).lower()
    if value.nodeType in (value.TEXT_NODE, value.CDATA_SECTION_NODE):
        return value.data
    if value.nodeType == value.ATTRIBUTE_NODE:
        return value.value
    return "".join(text(it) for it in value.childNodes if it.nodeType != it.COMMENT_NODE)


def truth(value, position):
    return value == position if isinstance(value, float) else bool(value)


def equal(left, right):
    lists = [[text(it) for it in side] if isinstance(side, list) else [text(side)] for side in (left, right)]
    return any(a == b for a in lists[0] for b in lists[1])


class Path:
    """Reads and answers a path at once: each rule takes the nodes that it stands at."""

    def __init__(self, path):
        self.tokens, self.at = tokens(path), 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *wanted):
        if self.peek() in wanted:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def expect(self, token):
        if not self.take(token):
            raise Fault("XPath has {} where `{}` should be".format(self.peek() or "its end", token))

    def expression(self, context):
        left = self.conjunction(context)
        while self.take("or"):
            right = self.conjunction(context)
            left = truth(left, context[1]) or truth(right, context[1])
        return left

    def conjunction(self, context):
        left = self.comparison(context)
        while self.take("and"):
            right = self.comparison(context)
            left = truth(left, context[1]) and truth(right, context[1])
        return left

    def comparison(self, context):
        left = self.union(context)
        operator = self.take("=", "!=")
        if operator:
            return equal(left, self.union(context)) == (operator == "=")
        return left

    def union(self, context):
        left = self.value(context)
        while self.take("|"):
            left = left + [it for it in self.value(context) if it not in left]
        return left

    def value(self, context):
        token = self.peek() or ""
        if token[:1] in "\"'" and token:
            self.at += 1
            return token[1:-1]
        if re.fullmatch(r"[0-9.]*[0-9]", token):
            self.at += 1
            return float(token)
        following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        if following == "(" and token not in ("text", "node", "comment"):
            return self.function(context)
        return self.location(context)

    def function(self, context):
        name = self.tokens[self.at]
        self.at += 2
        values = []
        while not self.take(")"):
            values.append(self.expression(context))
            self.take(",")
        strings = [text(it) for it in values]
        known = {
            "contains": lambda: strings[1] in strings[0],
            "starts-with": lambda: strings[0].startswith(strings[1]),
            "not": lambda: not values[0],
            "true": lambda: True,
            "position": lambda: float(context[1]),
            "last": lambda: float(context[2]),
            "count": lambda: float(len(values[0])),
            "normalize-space": lambda: " ".join((strings[0] if strings else text(context[0])).split()),
        }
        if name not in known:
            raise Fault("XPath function {}() is not known".format(name))
        return known[name]()

    def location(self, context):
        node = context[0]
        nodes = [node]
        separator = self.take("/", "//")
        if separator:
            nodes = [node if node.nodeType == node.DOCUMENT_NODE else node.ownerDocument]
        while True:
            if separator == "//":
                nodes = [below for it in nodes for below in descendants(it)]
            nodes = self.step(nodes)
            separator = self.take("/", "//")
            if not separator:
                return nodes

    def step(self, nodes):
        choose = self.node_test()
        start = self.at
        result = []
        for group in [choose(it) for it in nodes] or [[]]:
            self.at = start
            while self.take("["):
                here = self.at
                kept = []
                for number, it in enumerate(group or [], 1):
                    self.at = here
                    if truth(self.expression((it, number, len(group))), number):
                        kept.append(it)
                if not group:
                    self.skip()
                self.expect("]")
                group = kept
            result += [it for it in group if not any(it is other for other in result)]
        return result

    def skip(self):
        depth = 0
        while self.peek() and (depth or self.peek() != "]"):
            depth += {"[": 1, "]": -1}.get(self.peek(), 0)
            self.at += 1

    def node_test(self):
        if self.take("."):
            return lambda node: [node]
        if self.take(".."):
            return lambda node: [node.parentNode] if node.parentNode else []
        attribute = self.take("@")
        name = self.tokens[self.at] if self.peek() else ""
        self.at += 1
        if self.peek() == "::":
            raise Fault("axes are not understood in XPath")
        name = name.split(":")[-1]
        if attribute:
            return lambda node: [it for it in attributes(node) if name in ("*", it.localName or it.name)]
        if self.take("("):
            self.expect(")")
            kinds = {"text": (3, 4), "comment": (8,), "node": (1, 3, 4, 8)}[name]
            return lambda node: [it for it in node.childNodes if it.nodeType in kinds]
        return lambda node: [it for it in node.childNodes if it.nodeType == 1 and name in ("*", it.tagName.split(":")[-1])]


def attributes(node):
    return [node.attributes.item(i) for i in range(node.attributes.length)] if node.nodeType == 1 else []


def descendants(node):
    yield node
    for child in node.childNodes:
        if child.nodeType == 1:
            yield from descendants(child)


def find(document, path):
    """The nodes of a path; one that doesn't begin with `/` may begin anywhere."""
    reader = Path(path if path.startswith("/") else "//" + path)
    found = reader.expression((document, 1, 1))
    if reader.peek():
        raise Fault("XPath `{}` goes on with `{}`".format(path, reader.peek()))
    return found if isinstance(found, list) else []
