import { render } from 'preact';
import { App } from './app.js';
import './styles/page.css';

// A file that misses its place must not take the page away.
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => event.preventDefault());

const page = document.getElementById('page');
if (page) render(<App />, page);
