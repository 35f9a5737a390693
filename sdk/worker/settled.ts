/** IndexedDB by promises. idb, which the helper uses, adds 1.2 KB and a proxy a call to what the first decision waits for. */

/** What a request gives. @throws its error */
export const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Once it is all written down. @throws why it was undone */
export const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
