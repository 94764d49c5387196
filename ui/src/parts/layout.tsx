import { Link, Outlet, useParams, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { projectViews } from "./project-views.ts";

/** The frame of every view: where one is, and where one can go. */
export function Layout() {
  const { project } = useParams({ strict: false });
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const main = useRef<HTMLElement>(null);
  const view = projectViews.find(({ segment }) => path.split("/")[3] === segment);
  useEffect(() => {
    document.title = [view?.title, project, "lorag"].filter(Boolean).join(" · ");
  }, [view, project]);
  return (
    <>
      <a className="skip" href="#main" onClick={() => main.current?.focus()}>
        Skip to the content
      </a>
      <header className="bar">
        <p className="brand">
          <Link to="/">lorag</Link>
          {project === undefined ? null : (
            <>
              <span aria-hidden="true"> / </span>
              <span className="project-name">{project}</span>
            </>
          )}
        </p>
        {project === undefined ? null : (
          <nav aria-label="Project">
            {projectViews.map(({ segment, title }) => (
              <Link
                key={segment}
                to={`/p/$project/${segment}`}
                params={{ project }}
                activeProps={{ "aria-current": "page" }}
              >
                {title}
              </Link>
            ))}
          </nav>
        )}
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}
