/** Content-Disposition for a file to save (RFC 6266): a plain name for all, the exact one for those who read UTF-8. */
export function attachment(filename: string): string {
  const plain = filename.replace(/[^A-Za-z0-9._ -]/g, "_");
  if (plain === filename) return `attachment; filename="${plain}"`;
  const exact = encodeURIComponent(filename.toWellFormed()).replace(/['()*!]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
