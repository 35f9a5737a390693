/** The panel's style: the page's font and the browser's colours, light or dark as the shopper has it. */
export const STYLE = `
:host { color-scheme: light dark; }
dialog {
  box-sizing: border-box; width: min(34rem, calc(100vw - 2rem)); max-height: calc(100dvh - 2rem); overflow: auto;
  padding: 1.25rem 1.5rem 1.5rem; border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: 0.75rem;
  background: Canvas; color: CanvasText; font-size: 1rem; line-height: 1.5;
}
dialog::backdrop { background: rgb(0 0 0 / 45%); }
.head { display: flex; gap: 1rem; align-items: start; justify-content: space-between; }
h2 { margin: 0; font-size: 1.25rem; }
h3 { margin: 1.25rem 0 0.25rem; font-size: 1rem; }
p, ul { margin: 0.25rem 0; }
ul { padding-left: 1.1rem; }
li { margin: 0.35rem 0; }
.switches { display: grid; gap: 0.5rem; margin-top: 1.25rem; }
label { display: flex; gap: 0.6rem; align-items: baseline; }
.acts { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; margin-top: 1.25rem; }
button {
  min-height: 2.5rem; padding: 0 1rem; border: 1px solid color-mix(in srgb, CanvasText 35%, Canvas);
  border-radius: 0.5rem; background: Canvas; color: CanvasText; font: inherit; cursor: pointer;
}
button:hover { background: color-mix(in srgb, CanvasText 8%, Canvas); }
button:focus-visible, input:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
`;
