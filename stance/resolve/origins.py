"""Where a name sounds from: a hint at whose official somebody is, used only among countries that the article names."""

from __future__ import annotations

from collections.abc import Sequence

from stance.resolve.registry import plain

_CHINESE = frozenset(
    "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang "
    "feng yu dong xiao cheng cao yuan deng peng zeng tian ren jiang cai jia ding wei xue ye yan pan du dai xia zhong "
    "fan fang shi yao tan liao zou xiong jin lu hao kong bai cui mao qiu qin gu hou shao meng wan duan qian yin chang "
    "geng hua zhai lei ning sha tong zhan nie shen fu".split()
)
_KOREAN = frozenset(
    "kim lee park choi jung kang cho yoon jang lim han oh seo shin kwon hwang ahn song yoo hong moon chung ryu chang "
    "yun suh woo nam ri pak choe".split()
)
_ENDINGS = {
    "Russia": ("ov", "ev", "in", "sky", "skiy", "ova", "eva", "ina", "skaya"),
    "Ukraine": ("enko", "chuk", "yuk", "iy"),
    "Armenia": ("yan",),
    "Georgia": ("shvili", "adze"),
    "Japan": ("moto", "yama", "kawa", "mura", "zaki", "hashi", "shita", "tani"),
    "Poland": ("wski", "wska", "czyk", "icz"),
    "Turkey": ("oglu", "oğlu"),
    "Greece": ("poulos", "idis", "akis"),
    "Serbia": ("vić", "vic"),
}


def family_name_first(word: str) -> bool:
    """Whether a word is a Chinese or Korean family name, which stands before the given name."""
    return plain(word) in _CHINESE | _KOREAN


def likely_countries(words: Sequence[str]) -> tuple[str, ...]:
    """Countries that a person's name suggests, the likelier first; () for none.

    >>> likely_countries(["Zhang", "Min"]), likely_countries(["Chen", "Mei-ling"]), likely_countries(["Tom", "Hart"])
    (('China', 'Taiwan'), ('Taiwan', 'China'), ())
    """
    if len(words) < 2:
        return ()
    first, last = plain(words[0]), plain(words[-1])
    hyphened = any("-" in w for w in words[1:])
    found: list[str] = []
    if first in _CHINESE and len(words) <= 3:
        found += ["Taiwan", "China"] if hyphened else ["China", "Taiwan"]
    if first in _KOREAN and (hyphened or len(words) == 3):
        found = [*found, "South Korea", "North Korea"] if first in _CHINESE else ["South Korea", "North Korea", *found]
    found += [country for country, endings in _ENDINGS.items() if last.endswith(endings) and len(last) > 4]
    return tuple(dict.fromkeys(found))
