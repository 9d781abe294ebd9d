/**
 * The text of an HTTP answer, read piece by piece, so that no peer decides how much memory it
 * takes: an endless body and a compressed one that unfolds are cut off at the limit.
 */

/** Thrown when a body is larger than the reader allows. */
class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** Decoded text of at most `bytesMax` bytes. Throws {@link BodyTooLargeError} beyond it. */
export async function boundedText(response: Response, bytesMax: number): Promise<string> {
  const { body } = response;
  if (body === null) return "";
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let [text, bytes] = ["", 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > bytesMax) {
      const found = `the answer is longer than ${bytesMax} bytes; the rest was not read`;
      // The transport closes by itself; whether it did changes nothing for the caller.
      reader.cancel(found).catch(() => {});
      throw new BodyTooLargeError(found);
    }
    text += decoder.decode(value, { stream: true });
  }
}
