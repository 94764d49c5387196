import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <section>
      <h1>There is nothing here</h1>
      <p>
        The address may be of an older version, or cut off. <Link to="/">All projects</Link>
      </p>
    </section>
  );
}
