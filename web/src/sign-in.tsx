import { useState } from 'preact/hooks';
import { api } from './api.js';
import { Problem } from './parts/problem.js';

/** Exchanges a token for a session cookie, so that the page does not keep the token. */
export function SignIn({ onDone }: { onDone: () => void }) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    api.signIn(token.trim()).then(onDone, (error: Error) => setProblem(error.message));
  };
  return (
    <form class="panel narrow" onSubmit={submit}>
      <h1 tabIndex={-1}>Sign in</h1>
      <p>This endpoint requires one of the tokens in its CURATOR_TOKENS.</p>
      <label>
        Token
        <input
          type="password"
          autocomplete="current-password"
          value={token}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
      </label>
      <Problem text={problem} />
      <button type="submit" class="primary" disabled={token.trim() === ''}>
        Sign in
      </button>
    </form>
  );
}
