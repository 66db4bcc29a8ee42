// Puts the page together.

import { createApp } from 'vue'
import { createStaywire } from 'staywire/vue'
import App from './App.vue'
import { client } from './client.ts'
import { router } from './router.ts'
import '@staywire/look/example.css'
import './page.css'

createApp(App).use(router).use(createStaywire(client)).mount('#root')
