"""How a draft looks that was taken away as a page: it carries its sheet with it."""

STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; background: #faf8f4; color: #1f1c18;
  font: 18px/1.65 Literata, Charter, Georgia, serif; }
main { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
h1, h2, h3 { line-height: 1.25; margin: 2em 0 .6em; }
h1 { font-size: 2rem; margin-top: 0; }
h2 { font-size: 1.35rem; }
.preview { color: #5f594f; font-style: italic; }
.post { white-space: pre-wrap; border-top: 1px solid #e6e1d6; padding-top: 1.2em; }
blockquote { margin: 1em 0; padding-inline-start: 1em; border-inline-start: 3px solid #e6e1d6; color: #5f594f; }
img { max-width: 100%; height: auto; border-radius: 6px; }
pre { overflow-x: auto; }
table { border-collapse: collapse; }
td, th { border: 1px solid #e6e1d6; padding: .3em .6em; text-align: start; }
.right { text-align: right; }
.center { text-align: center; }
a { color: #22538a; }
@media (prefers-color-scheme: dark) {
  body { background: #171512; color: #ece7de; }
  a { color: #8db8ea; }
  .preview, blockquote { color: #b3aca0; }
}
"""
