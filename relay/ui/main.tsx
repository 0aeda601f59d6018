// Puts the page on the screen.
import "./styles/base.css";
import "./styles/parts.css";
import { render } from "preact";
import { App } from "./app.tsx";

render(<App />, document.getElementById("page") as HTMLElement);
