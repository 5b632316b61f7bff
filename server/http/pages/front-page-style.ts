/** The style of the front page: one sheet, no script, contrast of at least 4.5:1. */
export const FRONT_PAGE_STYLE = `
:root { --ink: #16232e; --soft: #4a5b68; --line: #cfd9df; --ground: #f6f8f9; --card: #fff; --accent: #0b5c6b; --hospital: #1d4e89; --municipality: #2f6b3c; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Roboto, sans-serif; }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, pre:focus-visible, .scroll:focus-visible { outline: 3px solid #b35900; outline-offset: 3px; border-radius: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; background: #fff; padding: .5rem 1rem; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 1rem; padding: 1rem clamp(1rem, 5vw, 4rem); background: #fff; border-bottom: 1px solid var(--line); }
.brand { margin: 0; font-weight: 700; font-size: 1.25rem; color: var(--accent); }
nav ul { display: flex; gap: 1rem; list-style: none; margin: 0; padding: 0; }
nav a[aria-current] { font-weight: 700; text-decoration: none; color: var(--ink); }
main { max-width: 64rem; margin: 0 auto; padding: 2rem clamp(1rem, 5vw, 4rem) 4rem; }
h1 { font-size: clamp(1.5rem, 3.5vw, 2.25rem); line-height: 1.25; max-width: 30ch; margin: 1rem 0 2rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 1rem; }
h3 { font-size: 1.05rem; margin: 0 0 .35rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1rem; }
.card { background: #fff; border: 1px solid var(--line); border-left: .35rem solid var(--accent); border-radius: .4rem; padding: 1rem 1.25rem; }
.card.hospital { border-left-color: var(--hospital); }
.card.municipality { border-left-color: var(--municipality); }
.card p, .note { margin: 0; color: var(--soft); }
.note { margin-top: 1rem; }
pre { background: #16232e; color: #f2f6f8; padding: 1rem; border-radius: .4rem; overflow-x: auto; }
h3[id] { margin-top: 1.5rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); }
th, td { padding: .45rem .75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
thead th { font-weight: 700; }
@media (max-width: 40rem) {
  th, td { padding: .45rem .35rem; font-size: .875rem; hyphens: auto; }
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eef2; --soft: #b3c1cb; --line: #34434e; --ground: #10181e; --card: #18232b; --accent: #6cc5d4; --hospital: #7fb0ea; --municipality: #86c794; }
  header, .card, .skip:focus { background: #18232b; }
}
`;
