"""How a key and its value stand together in a text: as pairs, elements, headers and addresses."""

from __future__ import annotations

import re

KEY = re.compile(
    r"""(?<![\w.\-\[\]$%])(?P<quote>&quot;|&#34;|\\{0,9}["']?)(?P<key>[A-Za-z_$%][\w.\-\[\]$%]{0,199})"""
    r"""(?P=quote)[ \t]*[=:][ \t]*"""
)
VALUE = re.compile(
    r"""(?P<mark>\\+["']|&quot;|&#34;)(?P<escaped>[^\n]*?)(?:(?P=mark)|(?=\n)|\Z)"""
    r"""|"(?P<double>(?:[^"\\\n]|\\.)*)"?|'(?P<single>(?:[^'\\\n]|\\.)*)'?|(?P<bare>[^\s&;,"'<>{}()#\\]+)"""
)
ELEMENT = re.compile(
    r"<(?P<key>[A-Za-z_][\w.:\-]*)(?:\s[^<>]*)?>(?:<!\[CDATA\[)?(?P<value>[^<>]+?)"
    r"(?:\]\]>)?</(?P=key)\s*>"
)
TAG = re.compile(r"<[A-Za-z][^<>]{0,4000}>")
ATTRIBUTE = re.compile(r"""(?<![\w\-])(name|key|id|value)\s*=\s*(["'])([^"']+)\2""", re.IGNORECASE)
"""A field of a page, or an element, names what it holds in an attribute."""

NESTED = re.compile(
    r"(?:(?<=%[0-9A-Fa-f]{2})|(?<=%25[0-9A-Fa-f]{2})|(?<![\w.\-%]))(?P<key>[A-Za-z_][\w.\-]{0,99})%(?:25)?3[Dd]"
    r"(?P<value>(?:[^\s&;,\"'<>{}()#\\%]|%(?!(?:25)?(?:26|3[Bb]|23|22))[0-9A-Fa-f]{2})+)"
)
"""A pair in an address that is itself a value in an address."""

HEADER = re.compile(
    r"(?im)^(?P<key>[\w-]*(?:authori[sz]ation|authentication|cookie)[\w-]*)(?P<sep>:[ \t]*)"
    r"(?P<value>[^\r\n]+)"
)
QUERY_PAIR = re.compile(r"(?<![^=&;?#])([^=&;?#]+)=([^&#;]*)")
