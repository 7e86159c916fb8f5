import { render } from 'preact';
import { App } from './app.js';
import './styles/page.css';

const page = document.getElementById('page');
if (page) render(<App />, page);
