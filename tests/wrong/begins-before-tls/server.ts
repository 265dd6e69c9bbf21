// Here it is the client that is wrong.
console.log('Starting server on port 12345')
