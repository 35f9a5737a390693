/** Subresource integrity (https://www.w3.org/TR/sri-2/) of the SDK's files, and the addresses that change with them. */

/**
 * What stands behind `?v=` in a file's address: a cache, or a server that was updated, never answers with another one.
 * @param integrity `sha256-` and base64
 */
export const addressVersion = (integrity: string): string => integrity.slice(-9, -1).replace(/\W/g, '');
