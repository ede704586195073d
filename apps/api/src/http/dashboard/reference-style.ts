/** Both colour schemes; no font, no picture. */
export const referenceStyle = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 15%, transparent); --soft: color-mix(in srgb, currentColor 65%, transparent); }
* { box-sizing: border-box }
body { margin: 0; display: grid; grid-template-columns: 19rem 1fr; font: 15px/1.55 system-ui, sans-serif }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.25rem; border-right: 1px solid var(--line); font-size: 13px }
nav h1 { font-size: 15px; margin: 0 0 .5rem } nav h2 { font-size: 12px; text-transform: capitalize; margin: 1.1rem 0 .2rem; color: var(--soft) }
nav ul { list-style: none; margin: 0; padding: 0 } nav li { margin: .2rem 0 }
a { color: inherit } nav a { text-decoration: none } nav a:hover { text-decoration: underline }
main { padding: 2rem clamp(1rem, 4vw, 4rem); max-width: 62rem } main > h1 { margin-top: 0 }
small { font-weight: normal; color: var(--soft) }
section > h2 { text-transform: capitalize; margin: 3rem 0 0; padding-bottom: .3rem; border-bottom: 1px solid var(--line) }
article { padding: 1.2rem 0; border-bottom: 1px solid var(--line); scroll-margin-top: 1rem } article:target h3 { text-decoration: underline }
h3 { margin: 0 0 .3rem; font-size: 17px } h4 { margin: 1rem 0 .2rem; font-size: 13px; color: var(--soft) }
code { font: 13px/1.5 ui-monospace, monospace } p { margin: .3rem 0 }
.path b { display: inline-block; min-width: 4rem } .get { color: #2f7d4f } .post { color: #2563a8 } .patch { color: #9a6700 } .delete { color: #b3382c }
.fields { list-style: none; margin: 0; padding: 0 } .fields .fields { margin-left: .4rem; padding-left: 1rem; border-left: 1px solid var(--line) }
.fields li { padding: .25rem 0 } .fields p { margin: 0; color: var(--soft); font-size: 14px }
.name { font-weight: 600; margin-right: .5rem } .type, .optional { color: var(--soft); font-size: 13px } .optional { margin-right: .5rem }
@media (max-width: 50rem) { body { grid-template-columns: 1fr } nav { position: static; height: auto; border-right: 0 } }
`
