import { render } from 'preact';
import { App } from './app.js';
import './styles/page.css';

// A file that is dropped beside the drop area must not replace the page.
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => event.preventDefault());

const page = document.getElementById('page');
if (page) render(<App />, page);
