import { errors } from 'jose';

/** What is wrong with a JWT, or with the key that it would need, in the words of jose. @throws what is another kind of error. */
export function jwtProblem(error: unknown): string {
  if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException) {
    return error.message;
  }
  throw error;
}
