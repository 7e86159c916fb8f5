import { render } from 'preact';
import { App } from './app.js';
import { showTextsSafely } from './shown-children.js';
import './styles/page.css';

// A file that is dropped beside the drop area must not replace the page.
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => event.preventDefault());

showTextsSafely();
const page = document.getElementById('page');
if (page) render(<App />, page);
