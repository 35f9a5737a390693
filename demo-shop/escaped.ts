/** Text as HTML writes it, between tags and inside quotes. */
export const escaped = (text: string): string =>
  text.replace(/[&"<>]/g, (character) => `&#${character.charCodeAt(0)};`);
