/** What a site may be called: it stands in addresses and in file names. */

export const SITE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
