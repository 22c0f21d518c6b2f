/** Bytes of an event, and of what is around a response's body. Source: AWS Lambda Developer Guide, "Lambda quotas", invocation payload. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** Whether an event, as JSON, is larger than Lambda takes. */
export function exceedsPayload(event: string): boolean {
  // A character takes three bytes at most: short events need no count.
  return event.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(event) > MAX_PAYLOAD_BYTES;
}
