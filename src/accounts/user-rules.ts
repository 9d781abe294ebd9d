/** What a login's name and password have to be. Null, or what is wrong with them. */

/** Long enough to be a sentence; hashing is the same work for any length. */
export const PASSWORD_CHARS_MAX = 256;
const PASSWORD_CHARS_MIN = 8;
export const NAME_CHARS_MAX = 64;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]*$/;

export function nameProblem(name: string): string | null {
  if (name.length > NAME_CHARS_MAX) return `A name has at most ${NAME_CHARS_MAX} characters.`;
  if (!NAME.test(name)) return "A name is made of letters, digits and . _ @ - only.";
  return null;
}

export function passwordProblem(password: string): string | null {
  if (password.length < PASSWORD_CHARS_MIN) {
    return `A password has at least ${PASSWORD_CHARS_MIN} characters.`;
  }
  if (password.length > PASSWORD_CHARS_MAX) {
    return `A password has at most ${PASSWORD_CHARS_MAX} characters.`;
  }
  return null;
}
