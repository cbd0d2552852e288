"""What is wrong with a line."""
from __future__ import annotations
from carbonspec.diagnostics.model import ERROR, Diagnostic
from carbonspec.source import Span, Source

def wrong_tokens(source, line, out):
    for t in line.bad+line.unclosed+[a for a,b in line.stray]:
        out.append(Diagnostic("E103", ERROR, f"`{t.text}` cannot stand here", Span(source,t.start,t.end)))
    return False

def indented_statement(source, line):
    t=line.tokens[0]
    return Diagnostic("E116", ERROR, "a statement starts in column 0", Span(source,t.start,t.end))

def unexpected(source, line, problem, tables):
    t=line.tokens[min(problem.index,len(line.tokens)-1)]
    return Diagnostic("E101", ERROR, f"unexpected `{t.text}`", Span(source,t.start,t.end))
