"""Fonts of figures: matplotlib's own for Latin text, an installed one behind it for Chinese."""

from __future__ import annotations

import os
import re
from functools import cache

BASE = "DejaVu Sans"
"""Comes with matplotlib, so that a figure looks the same everywhere."""
CHINESE = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Source Han Sans"),
    *("PingFang SC", "Microsoft YaHei", "Heiti SC", "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei"),
    *("Sarasa Gothic SC", "HarmonyOS Sans SC", "SimHei", "DengXian", "STHeiti", "Droid Sans Fallback"),
    *("Noto Sans CJK JP", "Noto Sans CJK TC", "Noto Sans CJK HK", "Noto Sans CJK KR", "Arial Unicode MS"),
    *("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "AR PL SungtiL GB", "AR PL UMing CN"),
    *("AR PL UKai CN", "gbsn00lp", "SimSun", "NSimSun", "STSong", "Songti SC", "FandolSong", "FandolHei", "KaiTi"),
    *("Noto Serif CJK JP", "Microsoft JhengHei", "PingFang TC", "Unifont"),
)
"""Fonts with Chinese signs, the ones for screens and for simplified characters first."""
FILES = re.compile(
    "cjk|notosanssc|notoserifsc|sourcehan|pingfang|msyh|msjh|heiti|hiragino|wqy|wenquanyi|sarasa|harmony|simhei|simsun"
    "|deng|stsong|songti|fallback|arialuni|arial unicode|uming|ukai|gbsn|fandol|kaiti|simkai|unifont",
    re.IGNORECASE,
)
"""What the files of these fonts are called."""
INSTALL = (
    "install one, for example Noto Sans CJK (Debian and Ubuntu: apt install fonts-noto-cjk; Fedora: dnf install "
    "google-noto-sans-cjk-fonts; macOS: brew install font-noto-sans-cjk-sc; Windows: the Chinese supplemental fonts)"
)


@cache
def chinese_font() -> str:
    """The first font of `CHINESE` that is installed, "" where none is.

    matplotlib lists the fonts of a machine once and keeps the list: what was installed since is looked for here.
    """
    return _listed() or (_listed() if _added_since() else "")


def _listed() -> str:
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return next((name for name in CHINESE if name in installed), "")


def _added_since() -> bool:
    """Whether matplotlib learnt of a font file that its list does not have."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    found = False
    for path in sorted(findSystemFonts()):
        if path not in known and FILES.search(os.path.basename(path)):
            try:
                fontManager.addfont(path)
            except (OSError, RuntimeError, ValueError):
                continue  # a damaged file, or one that is no font
            found = True
    return found


def families() -> list[str]:
    """What matplotlib looks through for a sign."""
    found = chinese_font()
    return [BASE, found] if found else [BASE]


@cache
def _signs(family: str) -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, fontManager, get_font

    font = get_font(fontManager.findfont(FontProperties(family=[family]), fallback_to_default=False))
    return frozenset(font.get_charmap())


def lacking(text: str) -> str:
    """The signs of a text that no font at hand has, in order and once each."""
    known = [_signs(family) for family in families()]
    return "".join(dict.fromkeys(s for s in text if not s.isspace() and not any(ord(s) in signs for signs in known)))


class Lettering:
    """Texts of a figure that are sure to be printed: a sign without a font becomes "?" and is told of."""

    def __init__(self) -> None:
        self.plain = True  # whether matplotlib's own font was enough
        self._lacking: dict[str, None] = {}
        self._texts: dict[str, None] = {}

    def __call__(self, text: str) -> str:
        """The text as it can be printed."""
        absent = lacking(text)
        if absent:
            self._texts.setdefault(text)
            for sign in absent:
                self._lacking.setdefault(sign)
                text = text.replace(sign, "?")
        self.plain = self.plain and all(ord(sign) in _signs(BASE) for sign in text if not sign.isspace())
        return text

    def prints(self, text: str) -> bool:
        """Whether a font has all of it."""
        return not lacking(text)

    def missed(self, text: str) -> None:
        """Tell of a text for which another was printed."""
        self._texts.setdefault(text)
        self._lacking |= dict.fromkeys(lacking(text))

    def notes(self) -> tuple[str, ...]:
        """A warning where signs could not be printed."""
        if not self._lacking:
            return ()
        signs = list(self._lacking)
        shown = "".join(signs[:8]) + ("…" if len(signs) > 8 else "")
        if any(0x2E80 <= ord(sign) <= 0x9FFF or 0xF900 <= ord(sign) <= 0xFFEF for sign in signs):
            told = f"no Chinese font was found, so {shown} could not be printed in this figure; {INSTALL}"
        else:
            told = f"no font was found that has {shown}, so ? stands for them in this figure; install one with them"
        return (f"{told} and run again",)
