/** Addresses: real ones, with the browser's own back and forward. */

export interface Place {
  /** Path segments, decoded. */
  path: string[];
  query: URLSearchParams;
}

export const placeOf = (location: Pick<Location, 'pathname' | 'search'>): Place => ({
  path: location.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded),
  query: new URLSearchParams(location.search),
});

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export class Router {
  /** @param arrive called for every new place; `moved` where a link was followed, not back or forward */
  constructor(private readonly arrive: (place: Place, moved: boolean) => void) {
    addEventListener('popstate', () => this.arrive(placeOf(location), false));
    document.addEventListener('click', (event) => this.follow(event));
  }

  go(path: string): void {
    history.pushState(null, '', path);
    this.arrive(placeOf(location), true);
  }

  /** Links to our own pages turn the page without loading it; all others, and those with a modifier, are left alone. */
  private follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.origin !== location.origin || link.target !== '' || link.hash !== '') return;
    event.preventDefault();
    if (link.href !== location.href) this.go(link.pathname + link.search);
  }
}
