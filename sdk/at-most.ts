/** Reading a body to its end, if it has one. */

/** An endless body must not fill the shopper's memory: it is cancelled beyond `most` bytes. @throws `otherwise` */
export async function atMost(
  most: number,
  body: ReadableStream<Uint8Array>,
  otherwise: unknown,
): Promise<Uint8Array> {
  let left = most;
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, into) {
      left -= part.length;
      if (left < 0) into.terminate();
      else into.enqueue(part);
    },
  });
  const bytes = await new Response(body.pipeThrough(bounded)).arrayBuffer();
  if (left < 0) throw otherwise;
  return new Uint8Array(bytes);
}
